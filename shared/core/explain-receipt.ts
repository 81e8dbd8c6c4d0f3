import type { Snapshot } from './capacity.ts';
import type { Decision, Step } from './decision.ts';
import { effectiveBounds } from './effective-bounds.ts';
import { outcome, sentence } from './explain.ts';
import type { Override } from './ledger-entry.ts';
import { describeOverride } from './overrides.ts';
import type { Receipt } from './receipt.ts';
import type { Signal } from './signal.ts';
import { type Instant, plusSeconds, secondsBetween, timeOfDay } from './time.ts';

/** A guard that spoke. `clamp`: it changed the wish. `veto`: it stopped the resize, and no guard after it was asked. */
export interface GuardWord {
  readonly kind: 'clamp' | 'veto';
  readonly guard: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** One decision in plain sentences, in the order in which it was taken. */
export interface Explanation {
  /** `hold at 4 (cooldown-in)` or `4 → 6 (policy)`. */
  readonly headline: string;
  /** Why it was asked at all. */
  readonly asked: string;
  /** What was there: units and bounds. */
  readonly seen: string;
  /** What was wished for, with its arithmetic: every strategy, what is missing, and who else asked. */
  readonly proposals: readonly string[];
  readonly guards: readonly GuardWord[];
  /** Cooldowns that run, with their ends. */
  readonly cooldowns: readonly string[];
  /** Overrides in force, of the target and of the account, windows of the schedule that are open, limits, and what the plan needs. */
  readonly inForce: readonly string[];
  readonly outcome: string;
}

/** A decision in a few words: what the views and the commands head it with. */
export const headlineOf = (decision: Decision): string =>
  decision.kind === 'resize'
    ? `${decision.from} → ${decision.to} (${decision.cause})`
    : `hold at ${decision.size} (${decision.reason})`;

/** Explains a decision from its receipt alone. */
export function explainReceipt(receipt: Receipt): Explanation {
  const { decision, signal, state, snapshot, now } = receipt;
  const overrides = [...state.overrides, ...snapshot.account.overrides];
  return {
    headline: headlineOf(decision),
    asked: askedBy(signal),
    seen: seen(receipt),
    proposals: decision.trace.flatMap(proposed),
    guards: decision.trace.flatMap(guardWord),
    cooldowns: cooldowns(receipt),
    inForce: [
      ...overrides
        .filter(({ expiresAt }) => expiresAt > now)
        .map((override) => overrideInForce(override, now)),
      ...snapshot.schedule.open.map(({ name, until }) =>
        until === null
          ? `The window ${name} is open.`
          : `The window ${name} is open until ${end(until, now)}.`,
      ),
      ...limitsInForce(snapshot),
    ],
    outcome: outcome(decision),
  };
}

function askedBy(signal: Signal): string {
  switch (signal.kind) {
    case 'alarm':
      return `The alarm ${signal.alarm} went to ${signal.state}.`;
    case 'sweep':
      return 'It was due.';
    case 'drift':
      return 'It was looked at for drift.';
    case 'override':
      return 'An override was set or cleared.';
    case 'manual':
      return `${signal.owner} asked for ${signal.size}.`;
  }
}

function seen({ policy, snapshot, state, now }: Receipt): string {
  const { desired, running, ready } = snapshot.capacity;
  const { min, max } = policy.bounds;
  const inForce = effectiveBounds(policy, snapshot, state, now);
  const narrowed =
    inForce.min === min && inForce.max === max ? '' : `, and ${inForce.min} to ${inForce.max} are in force`;
  return [
    `${desired} asked for, ${running} running, ${ready} ready; the policy allows ${min} to ${max}${narrowed}.`,
    ...(state.resize === null
      ? []
      : [`A resize from ${state.resize.from} to ${state.resize.to} is under way.`]),
    ...(snapshot.deployment === 'none' ? [] : ['A deployment is in progress.']),
    ...(snapshot.unfinished === undefined
      ? []
      : [`Left to do from before: ${sentenceOf(snapshot.unfinished)}`]),
  ].join(' ');
}

/** How far the size may go, and how far it must. */
const limitsInForce = ({ limits = [], floor }: Snapshot): readonly string[] => [
  ...limits.map(
    ({ direction, size, reason, detail }) =>
      `${direction === 'out' ? 'No larger' : 'No smaller'} than ${size} now (${reason}): ${sentenceOf(detail)}`,
  ),
  ...(floor === undefined ? [] : [`The plan needs at least ${floor.size}: ${sentenceOf(floor.detail)}`]),
];

const sentenceOf = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

const proposed = (step: Step): readonly string[] => (step.step === 'guard' ? [] : sentence(step));

const guardWord = (step: Step): readonly GuardWord[] =>
  step.step === 'guard'
    ? [
        {
          kind: step.effect === 'hold' ? 'veto' : 'clamp',
          guard: step.guard,
          from: step.from,
          to: step.to,
          text: step.detail,
        },
      ]
    : [];

function cooldowns({ policy, state, now }: Receipt): readonly string[] {
  const { lastOut, lastIn } = state;
  const lastAny = [lastOut, lastIn].flatMap((last) => (last === null ? [] : [last.at]));
  return [
    ...running('out', lastOut === null ? [] : [lastOut.at], policy.cooldownSeconds.out, now),
    ...running('in', lastAny, policy.cooldownSeconds.in, now),
  ];
}

function running(
  direction: 'out' | 'in',
  ended: readonly Instant[],
  seconds: number,
  now: Instant,
): readonly string[] {
  const until = ended.map((at) => plusSeconds(at, seconds)).sort((one, other) => other - one)[0];
  return until === undefined || until <= now
    ? []
    : [`The scale-${direction} cooldown ends at ${end(until, now)}.`];
}

const overrideInForce = (override: Override, now: Instant): string =>
  `${describeOverride(override)} that ${override.owner} set ends at ${end(override.expiresAt, now)}: ${override.reason}.`;

/** A time of day, and the seconds until then. */
const end = (until: Instant, now: Instant): string =>
  `${timeOfDay(until)}, in ${Math.ceil(secondsBetween(now, until))} s`;
