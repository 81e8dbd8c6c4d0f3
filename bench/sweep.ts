/**
 * One sweep over 1,000 targets with every port in memory: what the controller itself costs, without AWS.
 *
 *     npm run -s bench:sweep [-- --rounds N] [-- --targets N]
 */
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { loadPolicies } from '../shared/config/load-policies.ts';
import { fingerprint } from '../shared/core/fingerprint.ts';
import { targetId } from '../shared/core/target.ts';
import { instant, plusSeconds } from '../shared/core/time.ts';
import { firstSight } from '../shared/core/transitions.ts';
import { type SweepReport, sweepTargets } from '../shared/usecases/sweep-targets.ts';
import { type InMemoryController, inMemoryController } from './in-memory-controller.ts';
import { manyPolicies } from './many-policies.ts';
import { machine, median, printTable, reference, timeInTurn } from './measure.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '31' }, targets: { type: 'string', default: '1000' } },
});
const [rounds, targets] = [Number(values.rounds), Number(values.targets)];
const NOW = instant(Date.UTC(2026, 10, 20, 10, 0, 0));
const SIZE = 8;
/** Far inside the band of the shipped policy `web`, and far above it. */
const [CALM, BUSY] = [60, 90];

const { policies: shipped } = await loadPolicies(['policies/web.yaml']);
const policies = manyPolicies(shipped, targets).map(
  (policy) => ({ ...policy, evaluation: 'everyMinute' }) as const,
);

/** A controller whose ledger remembers every target as a steady run leaves it. */
async function remembering(awake: boolean): Promise<InMemoryController> {
  const controller = inMemoryController(policies, SIZE, NOW);
  controller.measure(CALM);
  for (const policy of policies) {
    const state = { ...firstSight(policy, SIZE, NOW), policy: fingerprint(policy), quietSince: NOW };
    await controller.deps.ledger.commit({
      target: targetId(policy.target),
      expectedVersion: 0,
      state: { ...state, wakeAt: awake ? NOW : null },
      events: [],
    });
  }
  return controller;
}

interface Situation {
  readonly name: string;
  /** Brings a new controller to the moment before the sweep that is timed. */
  readonly before: () => Promise<InMemoryController>;
  readonly expected: (report: SweepReport) => boolean;
}

const resizing = async (): Promise<InMemoryController> => {
  const controller = await remembering(true);
  controller.measure(BUSY);
  return controller;
};

const settling = async (): Promise<InMemoryController> => {
  const controller = await resizing();
  await sweepTargets(controller.deps);
  controller.turnTo(plusSeconds(NOW, 30));
  controller.measure(CALM);
  return controller;
};

const situations: readonly Situation[] = [
  { name: 'all asleep', before: () => remembering(false), expected: ({ due }) => due === 0 },
  {
    name: 'all awake, nothing to do',
    before: () => remembering(true),
    expected: ({ evaluated }) => evaluated === targets,
  },
  {
    name: 'all start a resize (two commits each)',
    before: resizing,
    expected: ({ evaluated }) => evaluated === targets,
  },
  {
    name: 'all finish a resize and are asked again',
    before: settling,
    expected: ({ settled }) => settled === targets,
  },
];

async function sweepMillis({ name, before, expected }: Situation): Promise<number> {
  const { deps } = await before();
  const begun = performance.now();
  const report = await sweepTargets(deps);
  const millis = performance.now() - begun;
  if (report.failed.length > 0 || !expected(report)) {
    throw new Error(`${name}: the sweep did something else: ${JSON.stringify(report).slice(0, 500)}`);
  }
  return millis;
}

const measured = situations.map((situation) => ({ situation, millis: [] as number[] }));
const references: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  references.push(timeInTurn({ reference }, 1).reference);
  for (const { situation, millis } of measured) millis.push(await sweepMillis(situation));
}
const base = median(references);
console.log(
  `${machine()}, median of ${rounds} sweeps over ${targets} targets, each with a ledger of its own.`,
);
console.log(`Reference: one kilobyte of JSON parsed and written, ${base.toFixed(2)} µs.\n`);
printTable(
  ['sweep', 'ms', 'µs per target', 'per target ÷ reference'],
  measured.map(({ situation, millis }) => {
    const each = (median(millis) * 1000) / targets;
    return [situation.name, median(millis).toFixed(2), each.toFixed(2), (each / base).toFixed(2)];
  }),
);
