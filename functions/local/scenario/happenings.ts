import type { Policy } from '../../../shared/core/policy.ts';
import { policyMetrics } from '../../../shared/core/policy-metrics.ts';
import type { SeededRandom } from '../../../shared/simulation/seeded-random.ts';
import { act } from './actions.ts';
import { type Action, type Fault, seconds } from './happening-schema.ts';
import { policyOf, serviceOf } from './subjects.ts';
import { startInTiers } from './tier-faults.ts';
import type { World } from './world.ts';

/** Something that is to happen in a second of the run. */
export interface Happening {
  readonly second: number;
  readonly run: () => void | Promise<void>;
}

/** Everything that happens in this run: what is left to chance is drawn from the stream, once. */
export function happeningsOf(world: World, random: SeededRandom): readonly Happening[] {
  const { faults, actions } = world.variant;
  return [
    ...faults.flatMap((fault) => faultAt(world, fault, drawn(fault, random))),
    ...actions.flatMap((action) => actionAt(world, action, drawn(action, random))),
  ].sort((one, other) => one.second - other.second);
}

/** The second at which it happens; null = not in this run. */
function drawn({ at = '0s', spread, chance = 1 }: Fault | Action, random: SeededRandom): number | null {
  const isSo = random.between(1, 1_000_000) <= chance * 1_000_000;
  const later = spread === undefined ? 0 : random.between(0, seconds(spread));
  return isSo ? seconds(at) + later : null;
}

function actionAt(world: World, action: Action, second: number | null): readonly Happening[] {
  return second === null ? [] : [{ second, run: () => act(world, action) }];
}

function faultAt(world: World, fault: Fault, second: number | null): readonly Happening[] {
  if (second === null) return [];
  const end = endOf(fault, second);
  const ending = { second: end ?? 0, undo: () => {} };
  const begin = () => {
    world.record.note(`fault: ${faultLine(fault)}`);
    ending.undo = start(world, fault);
  };
  if (end === null) return [{ second, run: begin }];
  const stop = () => {
    world.record.note(`fault ends: ${faultLine(fault)}`);
    ending.undo();
  };
  return [
    { second, run: begin },
    { second: end, run: stop },
  ];
}

function endOf(fault: Fault, begin: number): number | null {
  if ('for' in fault && fault.for !== undefined) return begin + seconds(fault.for);
  if ('until' in fault && fault.until !== undefined) return Math.max(begin, seconds(fault.until));
  return null;
}

/** Begins a fault, and answers how it ends. */
function start(world: World, fault: Fault): () => void {
  const { weather, mortality, plant } = world;
  switch (fault.kind) {
    case 'aws-calls':
    case 'events':
    case 'clock-skew':
    case 'ticks-missing':
      return weather.begin(fault);
    case 'crash':
      mortality.dieAt({ at: fault.await ?? 1, when: fault.when ?? 'before' });
      return nothing;
    case 'metrics-missing': {
      const metrics = statsOf(policyOf(world, fault.policy));
      for (const metric of metrics) plant.stopMetric(metric);
      return () => {
        for (const metric of metrics) plant.resumeMetric(metric);
      };
    }
    case 'size-changed': {
      const { cluster, service } = serviceOf(world, fault.policy);
      plant.setDesiredBehindTheBack(cluster, service, fault.size);
      return nothing;
    }
    case 'service-deleted': {
      const { cluster, service } = serviceOf(world, fault.policy);
      plant.deleteService(cluster, service);
      return nothing;
    }
    case 'deployment-fails': {
      const { cluster, service } = serviceOf(world, fault.policy);
      plant.failNextDeployment(cluster, service);
      return nothing;
    }
    default:
      return startInTiers(world, fault);
  }
}

const nothing = () => {};

/** What a fault is, in a few words for the timeline. */
function faultLine(fault: Fault): string {
  const { kind, at: _, spread: __, chance: ___, ...details } = fault;
  const words = Object.entries(details).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key} ${String(value)}`],
  );
  return [kind, ...words].join(' ');
}

const statsOf = (policy: Policy) =>
  policyMetrics(policy).flatMap(({ query }) =>
    query.kind === 'stat' ? [query] : Object.values(query.metrics),
  );
