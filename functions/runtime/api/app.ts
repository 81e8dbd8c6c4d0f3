import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import type { Cache } from '../../../shared/cache/cache.ts';
import type { WarmPlan } from '../../../shared/core/warm-plan.ts';
import type { EventLog } from '../../../shared/ports/event-log.ts';
import type { Failover } from '../../../shared/ports/failover.ts';
import type { ControllerDeps } from '../../../shared/usecases/deps.ts';
import { lazyCache } from '../lazy.ts';
import type { Log } from '../log.ts';
import { type Refusal, refuse } from './answers.ts';
import { cacheRoutes } from './cache-routes.ts';
import { deleteOverrides } from './clear-overrides.ts';
import { postEmergency } from './emergency.ts';
import { refusalOf } from './failure.ts';
import { health } from './health.ts';
import { MAX_BODY_BYTES } from './json-body.ts';
import { listEvents } from './list-events.ts';
import { getPlans } from './list-plans.ts';
import { listReceipts } from './list-receipts.ts';
import { getOverrides, postOverride } from './overrides.ts';
import { pastReads } from './past-reads.ts';
import { promote } from './promote.ts';
import { scale } from './scale.ts';
import { getWarm, postWarm } from './warm.ts';

/** What the API is made of; Lambda and local mode wire it differently. */
export interface ApiDeps {
  readonly controller: ControllerDeps;
  readonly events: EventLog;
  readonly failover: Failover;
  /** Keeps answers about the past; memory alone unless another is given. */
  readonly cache?: () => Promise<Cache>;
  /** What may be warmed; absent = nothing. */
  readonly warmPlans?: readonly WarmPlan[];
  /** Why a plan cannot be run here, in a sentence; null = it can. Absent = all can. */
  readonly whyNotWarm?: (plan: WarmPlan) => string | null;
  /** What `GET /health` reports. */
  readonly version: string;
  /** Who makes the request: a caller's ARN, a token's subject, or `local`. */
  readonly ownerOf: (c: Context) => string;
  /** Identifies the request in logs and in the answer's `X-Request-Id`; asked once a request. */
  readonly requestIdOf: (c: Context) => string;
  readonly log: Pick<Log, 'info' | 'error'>;
}

/** What a request carries with it. */
export interface ApiEnv {
  readonly Variables: { requestId: string };
}

/** Characters of a path that logs and answers repeat. */
const LOGGED_PATH = 200;

const PATHS = {
  health: '/health',
  events: '/api/infrastructure/scaling/events',
  receipts: '/api/infrastructure/scaling/receipts',
  plans: '/api/infrastructure/scaling/plans',
  scale: '/api/infrastructure/scaling/scale',
  overrides: '/api/infrastructure/scaling/overrides',
  emergency: '/api/infrastructure/scaling/emergency',
  promote: '/api/infrastructure/database/promote',
  cacheStats: '/api/infrastructure/cache/stats',
  cacheKey: '/api/infrastructure/cache/keys/:key',
  cacheClear: '/api/infrastructure/cache/clear',
  warm: '/api/infrastructure/cache/warm',
} as const;

/** What each path takes; a GET takes HEAD too. */
const METHODS = {
  health: ['GET'],
  events: ['GET'],
  receipts: ['GET'],
  plans: ['GET'],
  scale: ['POST'],
  overrides: ['GET', 'POST', 'DELETE'],
  emergency: ['POST'],
  promote: ['POST'],
  cacheStats: ['GET'],
  cacheKey: ['GET', 'DELETE'],
  cacheClear: ['DELETE'],
  warm: ['GET', 'POST'],
} as const satisfies Readonly<Record<keyof typeof PATHS, readonly string[]>>;

const NAMES = Object.keys(PATHS) as readonly (keyof typeof PATHS)[];

const ROUTES = NAMES.flatMap((name) => METHODS[name].map((method) => `${method} ${PATHS[name]}`));

/** The HTTP API, without Lambda and without a server: `app.fetch` answers a request. */
export function createApi(deps: ApiDeps): Hono<ApiEnv> {
  const { controller, events, failover, log, warmPlans = [] } = deps;
  const app = new Hono<ApiEnv>();
  app.use(secureHeaders());
  app.use(identified(deps.requestIdOf));
  app.use(logged(log));
  const logFault = (c: Context<ApiEnv>, error: unknown) =>
    log.error('request failed', { ...requestFields(c), error });

  const { ownerOf, cache = lazyCache(controller) } = deps;
  const past = pastReads(cache, controller.clock);
  const kept = cacheRoutes(cache);
  const limited = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => refuse(c, TOO_LARGE) });
  app.get(PATHS.health, health(controller, deps.version, logFault));
  app.get(PATHS.events, listEvents(events, controller.policies, past));
  app.get(PATHS.receipts, listReceipts(controller.receipts, controller.policies, past));
  app.get(PATHS.plans, getPlans(controller));
  app.post(PATHS.scale, limited, scale(controller, ownerOf));
  app.get(PATHS.overrides, getOverrides(controller));
  app.post(PATHS.overrides, limited, postOverride(controller, ownerOf));
  app.delete(PATHS.overrides, deleteOverrides(controller, ownerOf));
  app.post(PATHS.emergency, limited, postEmergency(controller, ownerOf));
  app.post(PATHS.promote, limited, promote({ ...controller, failover }, ownerOf));
  app.get(PATHS.cacheStats, kept.stats);
  app.get(PATHS.cacheKey, kept.get);
  app.delete(PATHS.cacheKey, kept.delete);
  app.delete(PATHS.cacheClear, kept.clear);
  app.get(PATHS.warm, getWarm(controller, warmPlans));
  app.post(PATHS.warm, limited, postWarm(controller, { plans: warmPlans, whyNot: deps.whyNotWarm }, ownerOf));
  for (const name of NAMES) app.all(PATHS[name], (c) => refuse(c, notAllowed(c, allowedOf(METHODS[name]))));
  app.notFound((c) => refuse(c, unknownRoute(c)));
  app.onError((error, c) => {
    logFault(c, error);
    return refuse(c, refusalOf(error, c.get('requestId')));
  });
  return app;
}

const identified =
  (requestIdOf: ApiDeps['requestIdOf']): MiddlewareHandler<ApiEnv> =>
  async (c, next) => {
    const requestId = requestIdOf(c);
    c.set('requestId', requestId);
    await next();
    c.header('X-Request-Id', requestId);
    // Every answer is of its moment.
    c.header('Cache-Control', 'no-store');
  };

const logged =
  (log: ApiDeps['log']): MiddlewareHandler<ApiEnv> =>
  async (c, next) => {
    const started = performance.now();
    await next();
    const millis = Math.round(performance.now() - started);
    log.info('request', { ...requestFields(c), status: c.res.status, millis });
  };

// Without the query: what people put there is not ours to keep.
const requestFields = (c: Context<ApiEnv>) => ({
  requestId: c.get('requestId'),
  method: c.req.method,
  path: c.req.path.slice(0, LOGGED_PATH),
});

const TOO_LARGE: Refusal = {
  status: 413,
  code: 'too-large',
  message: `The body is longer than ${MAX_BODY_BYTES} bytes; a request needs a few hundred.`,
  details: { maxBytes: MAX_BODY_BYTES },
};

const allowedOf = (methods: readonly string[]): string =>
  methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');

const notAllowed = (c: Context, allowed: string): Refusal => ({
  status: 405,
  code: 'method-not-allowed',
  message: `${c.req.path} takes ${allowed}, not ${c.req.method}.`,
  details: { allowed: allowed.split(', ') },
  headers: { Allow: allowed },
});

const unknownRoute = (c: Context): Refusal => ({
  status: 404,
  code: 'unknown-route',
  message: `There is no route ${c.req.method} ${c.req.path.slice(0, LOGGED_PATH)}.`,
  details: { routes: ROUTES },
});
