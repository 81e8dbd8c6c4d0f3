/**
 * Microseconds per decision, on one core, with the policies that come with Plimsoll.
 *
 *     npm run -s bench:decide [-- --rounds N]
 */
import { parseArgs } from 'node:util';
import { loadPolicies } from '../shared/config/load-policies.ts';
import { ALONE, type Snapshot } from '../shared/core/capacity.ts';
import { decide } from '../shared/core/decide.ts';
import type { Decision } from '../shared/core/decision.ts';
import { explain } from '../shared/core/explain.ts';
import type { TargetState } from '../shared/core/ledger-entry.ts';
import { observe } from '../shared/core/observe.ts';
import type { Policy } from '../shared/core/policy.ts';
import { NO_SCHEDULE } from '../shared/core/schedule.ts';
import type { Signal } from '../shared/core/signal.ts';
import { targetId } from '../shared/core/target.ts';
import { instant, plusSeconds } from '../shared/core/time.ts';
import { firstSight } from '../shared/core/transitions.ts';
import { machine, printTable, reference, timeInTurn, type Work } from './measure.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '31' } } });
const NOW = instant(Date.UTC(2026, 10, 20, 10, 0, 0));
const SIZE = 8;

const { policies } = await loadPolicies(['policies']);

function policyNamed(name: string): Policy {
  const policy = policies.find((each) => each.name === name);
  if (policy === undefined) throw new Error(`policies/ has no policy ${name} any more`);
  return policy;
}

const snapshotOf = (cpu: number): Snapshot => ({
  capacity: { desired: SIZE, running: SIZE, ready: SIZE, pending: 0 },
  deployment: 'none',
  metrics: { cpu: { kind: 'value', value: cpu, at: NOW } },
  units: null,
  schedule: NO_SCHEDULE,
  account: ALONE,
});

/** A state as after a busy hour: twelve wishes and twenty changes of size in the history. */
const busy = (policy: Policy): TargetState => ({
  ...firstSight(policy, SIZE, NOW),
  recommendations: Array.from({ length: 12 }, (_, index) => ({
    wish: SIZE - (index % 4),
    since: plusSeconds(NOW, (index - 12) * 45),
  })),
  scaleEvents: Array.from({ length: 20 }, (_, index) => ({
    at: plusSeconds(NOW, (index - 20) * 30),
    direction: index % 3 === 0 ? 'in' : 'out',
    change: 1,
  })),
});

interface Case {
  readonly policy: Policy;
  readonly cpu: number;
  readonly state: TargetState;
  /** What the decision must come to, so that the name of the case stays true. */
  readonly expected: string;
}

const [web, api] = [policyNamed('web'), policyNamed('api')];
const cases: Readonly<Record<string, Case>> = {
  'target tracking, scale out': {
    policy: web,
    cpu: 90,
    state: firstSight(web, SIZE, NOW),
    expected: 'policy',
  },
  'target tracking, hold': {
    policy: web,
    cpu: 60,
    state: firstSight(web, SIZE, NOW),
    expected: 'within-tolerance',
  },
  'behavior and history, scale out': { policy: api, cpu: 90, state: busy(api), expected: 'policy' },
  'behavior and history, scale-in held back': {
    policy: api,
    cpu: 20,
    state: busy(api),
    expected: 'stabilizing-in',
  },
};

function workOf({ policy, cpu, state, expected }: Case): {
  readonly run: () => Decision;
  readonly rest: Work;
} {
  const snapshot = snapshotOf(cpu);
  const signal: Signal = { kind: 'sweep', id: 'signal-1', target: targetId(policy.target), at: NOW };
  const run = () => decide(policy, snapshot, state, signal, NOW);
  const decision = run();
  const outcome = decision.kind === 'resize' ? decision.cause : decision.reason;
  if (outcome !== expected) throw new Error(`expected ${expected}, and the decision is ${outcome}`);
  return { run, rest: () => observe(state, policy, snapshot, run(), signal, NOW) };
}

const held = workOf(cases['behavior and history, scale-in held back'] as Case);
const works: Readonly<Record<string, Work>> = {
  reference,
  ...Object.fromEntries(Object.entries(cases).map(([name, each]) => [name, workOf(each).run])),
  'the last one, and what the target remembers of it': held.rest,
  'the last one, with its trace as sentences and as JSON': () => {
    const decision = held.run();
    return [explain(decision), JSON.stringify(decision)];
  },
};

const times = timeInTurn(works, Number(values.rounds));
const base = times['reference'] ?? Number.NaN;
console.log(`${machine()}, median of ${values.rounds} rounds of 20 ms, on one core.`);
console.log(`Reference: one kilobyte of JSON parsed and written, ${base.toFixed(2)} µs.\n`);
printTable(
  ['decision', 'µs', '÷ reference'],
  Object.entries(times)
    .filter(([name]) => name !== 'reference')
    .map(([name, time]) => [name, time.toFixed(2), (time / base).toFixed(2)]),
);
