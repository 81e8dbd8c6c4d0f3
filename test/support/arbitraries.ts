import { type MetricReading, MISSING_REASONS, type Snapshot } from '../../shared/core/capacity.ts';
import type { Override, TargetState } from '../../shared/core/ledger-entry.ts';
import type {
  Behavior,
  Fallback,
  IncidentGuard,
  Policy,
  RatePolicy,
  ScalingRules,
} from '../../shared/core/policy.ts';
import type { OpenWindow, Schedule } from '../../shared/core/schedule.ts';
import type { Signal } from '../../shared/core/signal.ts';
import type { TargetTrackingStrategy } from '../../shared/core/strategy.ts';
import { type Instant, plusSeconds } from '../../shared/core/time.ts';
import { aPolicy, aTargetTracking } from './a-policy.ts';
import { aManualSignal, anAlarmSignal, aSignal } from './a-signal.ts';
import { aReading } from './a-snapshot.ts';
import { aCeiling, aFloor, aPause, aPin, aResize, aState } from './a-state.ts';
import { aMetric, aSeries } from './a-strategy.ts';
import { anyOtherStrategy, anySensitivity } from './any-strategy.ts';
import type { Circumstances } from './deciding.ts';
import { fc } from './fast-check.ts';
import { NOW } from './now.ts';

const METRICS = ['cpu', 'memory', 'requests'] as const;
const MEASURED = [...METRICS, 'errors'] as const;
const size = fc.nat({ max: 30 });
const secondsAgo = fc.oneof(
  fc.constantFrom(0, 15, 59.999, 60, 299.999, 300),
  fc.integer({ min: 0, max: 2000 }),
);
const past: fc.Arbitrary<Instant> = secondsAgo.map((seconds) => plusSeconds(NOW, -seconds));
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

/** Any target tracking strategy on a metric of the given id. */
export const anyTracking = (id: (typeof METRICS)[number]): fc.Arbitrary<TargetTrackingStrategy> =>
  fc
    .record({
      target: fc.constantFrom(0.25, 50, 60, 70, 100),
      scope: fc.constantFrom('average', 'average', 'total'),
      tolerance: fc.record({ out: fc.constantFrom(0, 0.05, 0.1), in: fc.constantFrom(0, 0.05, 0.1, 0.3) }),
      alarms: fc.record({ out: anySensitivity, in: orNull(anySensitivity) }),
      whenMissing: fc.constantFrom('missing', 'missing', 'zero'),
      activation: fc.constantFrom(0, 0, 50),
    })
    .map(({ whenMissing, ...rest }) =>
      aTargetTracking({ ...rest, metric: { ...aTargetTracking().metric, id, label: id, whenMissing } }),
    );

const ratePolicy: fc.Arbitrary<RatePolicy> = fc.record({
  type: fc.constantFrom('Pods', 'Percent'),
  value: fc.constantFrom(1, 4, 10, 50, 100),
  periodSeconds: fc.constantFrom(15, 60, 300),
});

const rules: fc.Arbitrary<ScalingRules> = fc.record({
  stabilizationWindowSeconds: fc.constantFrom(0, 60, 300),
  policies: fc.array(ratePolicy, { minLength: 1, maxLength: 3 }),
  selectPolicy: fc.constantFrom('Max', 'Max', 'Min', 'Disabled'),
});

const behavior: fc.Arbitrary<Behavior> = fc.oneof(
  fc.constant<Behavior>({ kind: 'none' }),
  fc.constant<Behavior>({ kind: 'implicit', downscaleStabilizationSeconds: 300 }),
  fc.record({ kind: fc.constant('rules' as const), scaleUp: rules, scaleDown: rules }),
);

const WINDOWS = ['day', 'night'] as const;

const anySchedule: fc.Arbitrary<Schedule> = fc
  .record({
    overlap: fc.constantFrom<Schedule['overlap'][]>('highest', 'latest'),
    windows: fc.tuple(
      ...WINDOWS.map((name) =>
        fc.record({
          name: fc.constant(name),
          timeZone: fc.constant('UTC'),
          times: fc.constant({ kind: 'recurring', start: '0 8 * * *', end: '0 18 * * *' } as const),
          onHolidays: fc.constant('as-usual' as const),
          min: orNull(fc.nat({ max: 12 })),
          max: orNull(fc.integer({ min: 1, max: 25 })),
          desired: orNull(fc.nat({ max: 25 })),
          maintenance: fc.boolean(),
          freeze: fc.constantFrom(
            'none' as const,
            'none' as const,
            'out' as const,
            'in' as const,
            'both' as const,
          ),
        }),
      ),
    ),
  })
  .map((given) => ({ ...given, holidays: [] }));

const INCIDENT: IncidentGuard = {
  load: aMetric({ id: 'requests', label: 'requests' }),
  errors: aMetric({ id: 'errors', label: 'errors' }),
  drop: 0.5,
  errorsAbove: 5,
  holdSeconds: 300,
  longestHoldSeconds: 900,
  rampPercent: 25,
  rampSeconds: 300,
};

/** Any policy that a document can ask for. */
export const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    bounds: fc.tuple(fc.nat({ max: 10 }), fc.nat({ max: 15 })),
    ids: fc.subarray([...METRICS], { minLength: 1 }),
    behavior,
    cooldownSeconds: fc.record({ out: fc.constantFrom(0, 60), in: fc.constantFrom(0, 60, 300) }),
    fallback: orNull(
      fc.record({
        mode: fc.constantFrom<Fallback['mode'][]>('static', 'static', 'current', 'higher', 'lower'),
        size,
        afterMisses: fc.integer({ min: 1, max: 3 }),
        recoverAfter: fc.integer({ min: 1, max: 3 }),
      }),
    ),
    evaluation: fc.constantFrom<Policy['evaluation'][]>('whenAwake', 'whenAwake', 'everyMinute'),
    paused: fc.record({ out: rarely(), in: rarely() }),
    schedule: orNull(anySchedule),
    incident: orNull(fc.constant(INCIDENT)),
    unitResources: orNull(fc.constant({ cpu: 1, memoryMiB: 2048 })),
    guardrails: fc.record({
      changeBudget: orNull(fc.record({ units: fc.integer({ min: 1, max: 10 }), seconds: fc.constant(600) })),
      quota: orNull(fc.record({ cpu: orNull(fc.constantFrom(5, 20)), memoryMiB: fc.constant(40_960) })),
    }),
    atZero: fc.constantFrom<Policy['atZero'][]>('resume', 'kubernetes'),
  })
  .chain(({ ids, bounds: [min, more], ...rest }) =>
    fc
      .tuple(
        ...ids.map((id) =>
          fc.oneof({ weight: 3, arbitrary: anyTracking(id) }, { weight: 2, arbitrary: anyOtherStrategy(id) }),
        ),
      )
      .map((strategies) => aPolicy({ ...rest, strategies, bounds: { min, max: Math.max(min + more, 1) } })),
  );

function rarely(): fc.Arbitrary<boolean> {
  return fc.nat({ max: 9 }).map((drawn) => drawn === 0);
}

const reading: fc.Arbitrary<MetricReading> = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 0, max: 400, noNaN: true }).map((value) => aReading(value)) },
  { weight: 2, arbitrary: fc.constantFrom(0, 35, 63, 70, 77, 83.2, 1e12).map((value) => aReading(value)) },
  {
    weight: 4,
    arbitrary: fc
      .array(fc.constantFrom(0, 20, 65, 90, 400), { minLength: 1, maxLength: 8 })
      .map((values) => aSeries(...values)),
  },
  { weight: 2, arbitrary: fc.constantFrom(...MISSING_REASONS).map((value) => aReading(value)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(Number.NaN, -1, Number.POSITIVE_INFINITY).map((value) => aReading(value)),
  },
);

const expiry = fc.integer({ min: -60, max: 60 }).map((seconds) => plusSeconds(NOW, seconds));

const openWindow = (name: string): OpenWindow => ({
  name,
  since: plusSeconds(NOW, -600),
  until: plusSeconds(NOW, 600),
});

const pause = expiry.chain((expiresAt) =>
  fc.constantFrom(...(['out', 'in', 'both'] as const)).map((direction) => aPause({ direction, expiresAt })),
);

/** Any override, in force or ended. */
const anyOverride: fc.Arbitrary<Override> = fc.oneof(
  fc.tuple(size, expiry).map(([pinned, expiresAt]) => aPin({ size: pinned, expiresAt })),
  fc
    .tuple(size, fc.boolean(), expiry)
    .map(([least, force, expiresAt]) => aFloor({ size: least, force, expiresAt })),
  fc.tuple(size, expiry).map(([most, expiresAt]) => aCeiling({ size: most, expiresAt })),
  pause,
);

/** Any look at a target: sizes that disagree, deployments, metrics that are missing or absurd. */
export const anySnapshot: fc.Arbitrary<Snapshot> = fc.record({
  capacity: fc.record({ desired: size, running: size, ready: size, pending: size }),
  deployment: fc.constantFrom('none', 'none', 'in-progress'),
  metrics: fc.dictionary(fc.constantFrom(...MEASURED), reading, { minKeys: 0, maxKeys: 4 }),
  units: fc.constant(null),
  schedule: fc.record({ open: fc.subarray(WINDOWS.map(openWindow)), changesAt: orNull(expiry) }),
  account: fc.record({
    changes: fc.array(fc.record({ at: past, units: fc.integer({ min: 1, max: 6 }) }), { maxLength: 3 }),
    reserved: orNull(fc.record({ cpu: fc.nat({ max: 25 }), memoryMiB: fc.nat({ max: 45_000 }) })),
    overrides: fc.oneof(
      { weight: 9, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: pause.map((each) => [each]) },
    ),
  }),
});

const lastResize = orNull(fc.record({ at: past, from: size, to: size }));

/** Any memory that a target can have. */
export const anyState: fc.Arbitrary<TargetState> = fc
  .record({
    size: orNull(size),
    resize: fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      {
        weight: 1,
        arbitrary: fc
          .record({ from: size, to: size, startedAt: past, acceptedAt: orNull(past) })
          .map((resize) => aResize(resize)),
      },
    ),
    lastOut: lastResize,
    lastIn: lastResize,
    changed: orNull(
      fc
        .record({ since: past, seconds: fc.nat({ max: 300 }), from: size, to: size })
        .map(({ since, seconds, from, to }) => ({ since, until: plusSeconds(since, seconds), from, to })),
    ),
    failures: fc.option(
      fc.record({
        count: fc.integer({ min: 1, max: 9 }),
        at: past,
        direction: fc.constantFrom('out' as const, 'in' as const),
      }),
      {
        nil: null,
        freq: 3,
      },
    ),
    recommendations: fc
      .array(fc.record({ wish: size, since: past }), { maxLength: 5 })
      .map((runs) => runs.sort((one, other) => one.since - other.since)),
    scaleEvents: fc.array(
      fc.record({
        at: past,
        direction: fc.constantFrom('out', 'in'),
        change: fc.integer({ min: 1, max: 9 }),
      }),
      { maxLength: 4 },
    ),
    overrides: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.uniqueArray(anyOverride, {
          minLength: 1,
          maxLength: 3,
          selector: ({ kind }) => kind,
        }),
      },
    ),
    misses: fc.nat({ max: 3 }),
    incident: fc.option(
      past.map((at) => ({ since: at, lastSeenAt: at })),
      { nil: null, freq: 3 },
    ),
    ownedBy: fc.oneof(
      { weight: 9, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.constant('Application Auto Scaling') },
    ),
    recovering: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.nat({ max: 3 }) },
    ),
    scaledToZero: fc.boolean(),
    quietSince: orNull(past),
    wakeAt: orNull(past),
  })
  .map((state) => aState(state));

/** Any signal; one in six is a manual request. */
export const anySignal: fc.Arbitrary<Signal> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Signal>(aSignal()) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('OK', 'ALARM', 'INSUFFICIENT_DATA').map((state) => anAlarmSignal({ state })),
  },
  { weight: 1, arbitrary: size.map((wanted) => aManualSignal({ size: wanted })) },
);

/** Everything that a decision depends on. */
export const anyCircumstances: fc.Arbitrary<Required<Circumstances>> = fc.record({
  policy: anyPolicy,
  snapshot: anySnapshot,
  state: anyState,
  signal: anySignal,
  now: fc.constant(NOW),
});
