import { type AccountView, ALONE } from '../../core/capacity.ts';
import { type EffectiveBounds, effectiveBounds } from '../../core/effective-bounds.ts';
import type { Override, TargetState } from '../../core/ledger-entry.ts';
import type { Receipt } from '../../core/receipt.ts';
import { plusSeconds } from '../../core/time.ts';
import { firstSight } from '../../core/transitions.ts';
import { type Case, windowsOf } from '../case.ts';
import type { Finding } from '../finding.ts';
import type { Lab, Situation } from '../lab.ts';
import { loadsOf, thinned } from '../samples.ts';
import { minutesText, type OpenSet, timeText } from '../timeline.ts';

/** Combinations of loads in each situation: the least, the largest, and some between. */
const LOADS = 6;

/**
 * Whatever the metrics, the memory, the operators and the schedule say, no decision leaves the bounds, a forced floor
 * apart. And what the policy declares can be kept at every minute: windows and the fallback do not contradict each other.
 */
export function bounds(subject: Case): readonly Finding[] {
  return [...leaves(subject), ...contradictions(subject)];
}

function leaves(subject: Case): readonly Finding[] {
  const { min, max } = subject.lab.policy.bounds;
  for (const situation of extremes(subject)) {
    const broken = brokenIn(subject.lab, situation, { min, max: highest(max, situation.state ?? {}) });
    if (broken !== null) return [broken];
  }
  return [];
}

/** Sizes inside and outside the bounds, with loads from none to far too many, or blind, whatever is remembered and open. */
function* extremes({ lab, axes, sizes, schedules }: Case): Generator<Situation> {
  const { min, max } = lab.policy.bounds;
  const loads = [...thinned(loadsOf(axes, thinned(sizes, 5)), LOADS), null];
  const starts = [...new Set([0, Math.max(0, min - 1), ...thinned(sizes, 4), max + 3])];
  const bases = schedules.flatMap((schedule) => starts.map((size) => ({ axes, size, schedule })));
  for (const { state, account } of memories(lab)) {
    for (const base of bases) yield* loads.map((load) => situationOf(base, load, state, account));
  }
}

const situationOf = (
  base: Pick<Situation, 'axes' | 'size' | 'schedule'>,
  load: readonly number[] | null,
  state: Partial<TargetState>,
  account: AccountView,
): Situation => ({
  ...base,
  loads: load ?? [],
  state,
  snapshot: { account, ...(load === null ? { metrics: {} } : {}) },
});

/** Only a forced floor lifts the maximum. */
const highest = (max: number, { overrides = [] }: Partial<TargetState>): number =>
  Math.max(max, ...overrides.flatMap((each) => (each.kind === 'floor' && each.force ? [each.size] : [])));

function brokenIn(
  lab: Lab,
  situation: Situation,
  allowed: { readonly min: number; readonly max: number },
): Finding | null {
  const outcome = outcomeOf(lab, situation);
  const { min, max } = allowed;
  if (outcome.to === null || (outcome.to >= min && outcome.to <= max)) return null;
  return {
    check: 'bounds',
    severity: 'error',
    policy: lab.policy.name,
    message: `From ${situation.size} a decision leaves the bounds ${min}..${max}: ${outcome.said}`,
    fix: 'this must not happen whatever the policy says: report it with the receipt',
    ...(outcome.receipt === null ? {} : { receipts: [outcome.receipt] }),
  };
}

interface Outcome {
  readonly to: number | null;
  readonly said: string;
  readonly receipt: Receipt | null;
}

/** The decision refuses by itself to leave the bounds, with an error that says so. */
function outcomeOf(lab: Lab, situation: Situation): Outcome {
  try {
    const receipt = lab.receipt(situation);
    const { decision } = receipt;
    return decision.kind === 'hold'
      ? { to: null, said: '', receipt }
      : { to: decision.to, said: `it goes to ${decision.to}.`, receipt };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { to: Number.NaN, said: error.message, receipt: null };
  }
}

/** What a target may remember, and what its account may look like. */
function memories({
  policy,
  now,
}: Lab): readonly { readonly state: Partial<TargetState>; readonly account: AccountView }[] {
  const { min, max } = policy.bounds;
  const size = Math.ceil((min + max) / 2);
  const last = { at: plusSeconds(now, -1), from: min, to: size };
  const words = { owner: 'verify', reason: 'verify', setAt: now, expiresAt: plusSeconds(now, 3600) };
  const overrides: readonly Override[] = [
    { kind: 'pin', size: max + 5, ...words },
    { kind: 'pin', size: 0, ...words },
    { kind: 'floor', size: max + 5, force: false, ...words },
    { kind: 'floor', size: max + 5, force: true, ...words },
    { kind: 'ceiling', size: 0, ...words },
    { kind: 'ceiling', size, ...words },
  ];
  const states: readonly Partial<TargetState>[] = [
    {},
    { misses: policy.fallback?.afterMisses ?? 0 },
    { lastOut: last },
    { lastIn: last },
    { scaledToZero: true },
    { recommendations: [{ wish: max + 5, since: plusSeconds(now, -90) }] },
    ...overrides.map((override) => ({ overrides: [override] })),
    { overrides: overrides.filter(({ kind }) => kind !== 'pin') },
  ];
  const full = {
    ...ALONE,
    changes: [{ at: now, units: 1_000_000 }],
    reserved: { cpu: 1e9, memoryMiB: 1e12 },
  };
  return [ALONE, full].flatMap((account) => states.map((state) => ({ state, account })));
}

/** Each contradiction once, at its first time. */
function contradictions(subject: Case): readonly Finding[] {
  const told = new Map<string, Finding>();
  for (const set of subject.timeline.sets) {
    const crossed = crossedIn(subject, set);
    for (const { key, finding } of crossed === null ? unreachableIn(subject, set) : [crossed]) {
      if (!told.has(key)) told.set(key, finding);
    }
  }
  return [...told.values()];
}

/** What is told once, by a key. */
interface Keyed {
  readonly key: string;
  readonly finding: Finding;
}

/** Windows of which one wants more than another allows. */
function crossedIn(subject: Case, set: OpenSet): Keyed | null {
  const open = windowsOf(subject, set);
  const pairs = open.flatMap((high) =>
    open.flatMap((low) => ((high.min ?? 0) > (low.max ?? Infinity) ? [{ high, low }] : [])),
  );
  const [pair] = pairs;
  if (pair === undefined) return null;
  const { policy } = subject.lab;
  const { min, max } = inForce(subject.lab, set);
  const finding: Finding = {
    check: 'bounds',
    severity: 'error',
    policy: policy.name,
    message: `Window "${pair.high.name}" (min ${pair.high.min}) and window "${pair.low.name}" (max ${pair.low.max}) are open at once for ${minutesText(set.seconds)} of two years, first at ${timeText(set.firstAt)}: both cannot be kept, and ${min}..${max} applies.`,
    fix: 'let one window end before the other begins, or give both the same bounds',
  };
  return { key: `${pair.high.name} ${pair.low.name}`, finding };
}

const inForce = ({ policy, now }: Lab, { state }: OpenSet): EffectiveBounds =>
  effectiveBounds(policy, { schedule: state }, firstSight(policy, policy.bounds.min, now), now);

/** Sizes that are declared, and that the bounds in force do not allow. */
function unreachableIn(subject: Case, set: OpenSet): readonly Keyed[] {
  const { lab } = subject;
  const { policy } = lab;
  const { min, max } = inForce(lab, set);
  const names = set.names.map((name) => `"${name}"`).join(' and ');
  const open = set.names.length === 1 ? 'is open' : 'are open';
  const when =
    names === '' ? 'while no window is open' : `while ${names} ${open}, first at ${timeText(set.firstAt)}`;
  const { fallback } = policy;
  const declared = [
    ...windowsOf(subject, set).flatMap(({ name, desired }) =>
      desired === null ? [] : [{ what: `The desired size ${desired} of window "${name}"`, size: desired }],
    ),
    ...(fallback === null || fallback.mode === 'current'
      ? []
      : [{ what: `The fallback of ${fallback.size}`, size: fallback.size }]),
  ];
  return declared.flatMap(({ what, size }) => {
    if (size >= min && size <= max) return [];
    const finding: Finding = {
      check: 'bounds',
      severity: 'warning',
      policy: policy.name,
      message: `${what} is outside ${min}..${max}, which applies ${when}: it becomes ${Math.min(Math.max(size, min), max)}.`,
      fix: 'change the size, or the bounds of the window',
    };
    return [{ key: what, finding }];
  });
}
