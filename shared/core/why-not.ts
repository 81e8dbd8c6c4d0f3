import type { MetricReading, Snapshot } from './capacity.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { policyMetrics } from './policy-metrics.ts';
import type { Receipt } from './receipt.ts';
import { smallestFlip } from './smallest-flip.ts';
import { type Instant, instant } from './time.ts';

interface Flipping {
  /** The resize that the change leads to. */
  readonly becomes: { readonly from: number; readonly to: number };
  /** How large the change is, to compare: as a share of the value, or of an hour. Infinity for one that starts from zero. */
  readonly relative: number;
  /** It stands exactly on the line: any change in this direction does, however small. */
  readonly any: boolean;
}

/** A metric that reads something else. */
export interface MetricChange extends Flipping {
  readonly kind: 'metric';
  readonly metric: string;
  readonly label: string;
  readonly unit: string;
  readonly from: number;
  readonly to: number;
  /** Of how many units the values are scaled, `from` and `to` being their means; null for a plain value. */
  readonly units: number | null;
}

/** A later look, at readings as fresh as these. */
export interface Wait extends Flipping {
  readonly kind: 'wait';
  readonly seconds: number;
  readonly until: Instant;
}

/** One input that is changed, and nothing else. */
export type Change = MetricChange | Wait;

/** What would have turned a hold into a resize. */
export interface WhyNot {
  /** Smallest relative change first. */
  readonly changes: readonly Change[];
  /** What was tried without success, and what stands in the way; null where a change was found. */
  readonly nothing: string | null;
  /** Which limit held it, in a sentence; absent where none did. It ends when what it names changes, whatever the metrics do. */
  readonly limit?: string;
}

const HOUR_SECONDS = 3600;
const LONGEST_WAIT_MILLIS = 24 * HOUR_SECONDS * 1000;
/** A value below this one is moved as zero is: in shares of one. */
const NEXT_TO_NOTHING = 1e-9;
/** Of the value. */
const LEAST_SHARE = 1e-9;
const REACH_SHARE = 1e6;
const MOST_DECIMALS = 12;
const NEARLY = 0.99;

/**
 * The smallest change of one input that would have turned a hold into a resize: each metric up and down, and waiting. Each is
 * checked with the real decision: the whole change flips it, 99 % of it does not.
 */
export function whyNot(receipt: Receipt): WhyNot {
  const changes = [...metricChanges(receipt), wait(receipt)]
    .filter((change) => change !== null)
    .sort((one, other) => one.relative - other.relative || 0);
  const nothing = changes.length > 0 ? null : nothingFlips(receipt.decision);
  const limit = limitThatHeld(receipt.decision);
  return { changes, nothing, ...(limit === null ? {} : { limit }) };
}

/** The guard that held it, where that was a limit of the service or of the plan. */
function limitThatHeld(decision: Decision): string | null {
  if (decision.kind === 'resize') return null;
  // A hold ends the matter, so it is the last step.
  const last = decision.trace.at(-1);
  if (last?.step !== 'guard' || last.guard !== 'limits') return null;
  return `A limit held it at ${decision.size} (${last.reason}): ${last.detail}`;
}

/** The receipt's inputs with a share of a change applied; of a change that is as small as can be, a part is none. */
export function withChange(receipt: Receipt, change: Change, share = 1): Receipt {
  const part = change.any && share < 1 ? 0 : share;
  if (change.kind === 'wait') return later(receipt, Math.floor(change.seconds * 1000 * part));
  // The whole is exactly the value that was named, whatever rounding makes of a sum.
  const value = part === 1 ? change.to : change.from + (change.to - change.from) * part;
  return withValue(receipt, change, value);
}

/** Decides again with the shipped code over what a receipt holds. */
export const decideAgain = ({ policy, snapshot, state, signal, now }: Receipt): Decision =>
  decide(policy, snapshot, state, signal, now);

function nothingFlips({ trace }: Decision): string {
  const inTheWay = trace.findLast((step) => step.step === 'guard');
  const missing = trace.flatMap((step) => (step.step === 'missing' ? [step.label] : []));
  return [
    'No change of a single metric and no wait of up to 24 h would have flipped it.',
    ...(inTheWay?.step === 'guard' ? [inTheWay.detail] : []),
    ...(missing.length > 0 ? [`What is missing cannot be changed: ${missing.join(', ')}.`] : []),
  ].join(' ');
}

function metricChanges(receipt: Receipt): readonly (Change | null)[] {
  return policyMetrics(receipt.policy).flatMap(({ id, label, unit }) => {
    const reading = receipt.snapshot.metrics[id];
    if (reading === undefined) return [];
    const from = meanOf(reading);
    if (from === null) return [];
    const size = from < NEXT_TO_NOTHING ? 1 : from;
    const search = { least: size * LEAST_SHARE, usual: size };
    const units = reading.kind === 'samples' ? reading.samples.length : null;
    const draft = { metric: id, label, unit, from, units };
    return [
      metricChange(receipt, draft, 1, { ...search, reach: size * REACH_SHARE }),
      metricChange(receipt, draft, -1, { ...search, reach: from }),
    ];
  });
}

/** What can be moved of a reading; null where nothing can. */
function meanOf(reading: MetricReading): number | null {
  if (reading.kind === 'missing') return null;
  if (reading.kind === 'value') return isUsable(reading.value) ? reading.value : null;
  const mean = reading.samples.reduce((sum, { value }) => sum + value, 0) / reading.samples.length;
  return isUsable(mean) && mean > 0 ? mean : null;
}

const isUsable = (value: number): boolean => Number.isFinite(value) && value >= 0;

type Draft = Pick<MetricChange, 'metric' | 'label' | 'unit' | 'from' | 'units'>;

function metricChange(
  receipt: Receipt,
  draft: Draft,
  sign: 1 | -1,
  search: { readonly least: number; readonly usual: number; readonly reach: number },
): Change | null {
  const { from } = draft;
  const flips = (distance: number) => isResize(withValue(receipt, draft, from + sign * distance));
  const distance = smallestFlip({ ...search, flips });
  if (distance === null) return null;
  const any = distance === search.least;
  const exact = from + sign * distance;
  return firstOf(any ? [exact] : [...rounded(exact, sign), exact], (to) => {
    const relative = from === 0 ? Number.POSITIVE_INFINITY : Math.abs(to - from) / from;
    return flipping(receipt, { kind: 'metric', ...draft, to, any, relative });
  });
}

/** The first candidate that makes a change. */
const firstOf = (candidates: readonly number[], changeTo: (candidate: number) => Change | null) =>
  candidates.reduce<Change | null>((found, candidate) => found ?? changeTo(candidate), null);

/** A number with ever more decimals: the nearest one, which may lie on the line itself, then the one beyond it. */
const rounded = (value: number, sign: 1 | -1): readonly number[] =>
  Array.from({ length: MOST_DECIMALS + 1 }, (_, decimals) => 10 ** decimals).flatMap((power) => [
    Math.round(value * power) / power,
    (sign === 1 ? Math.ceil(value * power) : Math.floor(value * power)) / power,
  ]);

function wait(receipt: Receipt): Change | null {
  const { snapshot, now } = receipt;
  const { changesAt } = snapshot.schedule;
  // What is scheduled from then on is not in the receipt.
  const known = changesAt === null ? LONGEST_WAIT_MILLIS : changesAt - now - 1;
  const millis = smallestFlip({
    flips: (distance) => isResize(later(receipt, Math.floor(distance))),
    least: 1,
    usual: 1000 * 1000,
    reach: Math.min(LONGEST_WAIT_MILLIS, known),
  });
  if (millis === null) return null;
  const exact = Math.floor(millis);
  const second = Math.floor(exact / 1000) * 1000;
  return firstOf([second, second + 1000, exact], (each) =>
    flipping(receipt, {
      kind: 'wait',
      seconds: each / 1000,
      until: instant(now + each),
      relative: each / 1000 / HOUR_SECONDS,
      any: exact === 1,
    }),
  );
}

/** A change with the resize that it leads to; null when it leads to none, or when 99 % of it does too. */
function flipping(
  receipt: Receipt,
  draft: Omit<MetricChange, 'becomes'> | Omit<Wait, 'becomes'>,
): Change | null {
  const change = { ...draft, becomes: { from: 0, to: 0 } } as Change;
  const decision = decideAgain(withChange(receipt, change));
  if (decision.kind !== 'resize' || isResize(withChange(receipt, change, NEARLY))) return null;
  return { ...change, becomes: { from: decision.from, to: decision.to } };
}

const isResize = (receipt: Receipt): boolean => decideAgain(receipt).kind === 'resize';

function withValue(
  receipt: Receipt,
  { metric, from }: Pick<MetricChange, 'metric' | 'from'>,
  value: number,
): Receipt {
  return withReadings(receipt, (id, reading) => {
    if (id !== metric || reading.kind === 'missing') return reading;
    if (reading.kind === 'value') return { ...reading, value };
    const scaled = reading.samples.map((sample) => ({ ...sample, value: sample.value * (value / from) }));
    return { ...reading, samples: scaled };
  });
}

/** The same look, later: readings stay as fresh as they were, and what the state remembers stays where it was in time. */
function later(receipt: Receipt, millis: number): Receipt {
  const shifted = <T extends { readonly at: Instant }>(point: T): T => ({
    ...point,
    at: instant(point.at + millis),
  });
  return {
    ...withReadings(receipt, (_, reading) => {
      if (reading.kind === 'missing') return reading;
      if (reading.kind === 'samples' || reading.earlier === undefined) return shifted(reading);
      return shifted({ ...reading, earlier: reading.earlier.map(shifted) });
    }),
    now: instant(receipt.now + millis),
  };
}

function withReadings(
  receipt: Receipt,
  change: (id: string, reading: MetricReading) => MetricReading,
): Receipt {
  const { snapshot } = receipt;
  const metrics: Snapshot['metrics'] = Object.fromEntries(
    Object.entries(snapshot.metrics).map(([id, reading]) => [id, change(id, reading)]),
  );
  return { ...receipt, snapshot: { ...snapshot, metrics } };
}
