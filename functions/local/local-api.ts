import { serve } from '@hono/node-server';
import { ControllerError } from '../../shared/core/controller-error.ts';
import type { EventLog } from '../../shared/ports/event-log.ts';
import type { PromoteDeps } from '../../shared/usecases/promote-replica.ts';
import { createApi } from '../runtime/api/app.ts';
import type { LocalWarming } from './local-warming.ts';

/** The HTTP API while local mode runs. */
export interface LocalApi {
  readonly url: string;
  close(): Promise<void>;
}

/** Where the API is unless another port is asked for. */
export const DEFAULT_PORT = 3006;

/** Nobody can be told apart on the loopback interface. */
const LOCAL_OWNER = 'local';

const NO_WARMING = { plans: [], whyNot: () => null };

/**
 * Serves the API of the deployed controller on 127.0.0.1, and nowhere else: there is no access control here.
 * @throws ControllerError `invalid` when the port is taken.
 */
export async function serveLocalApi(
  controller: PromoteDeps & { readonly events: EventLog },
  port: number,
  version: string,
  warming: Pick<LocalWarming, 'plans' | 'whyNot'> = NO_WARMING,
): Promise<LocalApi> {
  let requests = 0;
  const app = createApi({
    controller,
    events: controller.events,
    failover: controller.failover,
    version,
    warmPlans: warming.plans,
    whyNotWarm: warming.whyNot,
    ownerOf: () => LOCAL_OWNER,
    requestIdOf: (c) => {
      const known: unknown = c.get('requestId');
      if (typeof known === 'string') return known;
      requests += 1;
      const id = `local-${requests}`;
      c.set('requestId', id);
      return id;
    },
    log: {
      info() {},
      error: (message, fields = {}) =>
        controller.telemetry.problem(message, { ...fields, error: String(fields['error']) }),
    },
  });
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, (address) => {
      const close = () => new Promise<void>((done) => server.close(() => done()));
      resolve({ url: `http://127.0.0.1:${address.port}`, close });
    });
    server.once('error', (cause: Error) => {
      const message = `--port ${port}: cannot be used (${cause.message}): choose another, or 0 for a free one`;
      reject(new ControllerError('invalid', message, { retryable: false, cause }));
    });
  });
}
