import type { LedgerEntry, TargetState } from '../core/ledger-entry.ts';
import type { TargetId } from '../core/target.ts';
import { type Instant, plusSeconds, secondsBetween } from '../core/time.ts';
import { longestQuestionSeconds, type WarmPlan } from '../core/warm-plan.ts';
import {
  type Claim,
  claim,
  ended,
  type HitRate,
  type ItemProgress,
  reportOf,
  type WarmReport,
  type WarmRun,
  warmEntry,
  warmOf,
  warmSentence,
} from '../core/warm-state.ts';
import { commitChange } from './commit.ts';
import { draft, type EventDraft } from './events-of.ts';
import { onConflict } from './on-conflict.ts';
import type { WarmDeps } from './warm-deps.ts';

/** A run that stored nothing for so long, and for the longest that one question may take, may be taken over. */
const LEASE_SECONDS = 30;

/** Progress is stored about so often; what a crash leaves unstored is done again. */
const STORE_SECONDS = 10;

// The head is shared with whoever asks for a run: their commits are met, and the run stays ours.
const ATTEMPTS = 10;

/** For whom a run is claimed. */
export interface RunRequest {
  readonly plan: WarmPlan;
  /** The items that it runs. */
  readonly items: WarmPlan['items'];
  readonly target: TargetId;
  readonly unit: string | null;
  readonly reason: string;
}

/** Takes the run of a plan: a new one, or one that was cut off; `busy` while somebody else has it. */
export async function claimRun(deps: WarmDeps, request: RunRequest): Promise<Claim> {
  const { plan, items, target, reason } = request;
  const holder = deps.ids.next();
  return onConflict(deps, target, async () => {
    const entry = await headOf(deps, target);
    const now = deps.clock.now();
    const warm = warmOf(entry.state);
    const claimed = claim(warm, items, {
      ...{ holder, now, reason, runId: holder },
      leaseSeconds: leaseSeconds(plan),
      runSeconds: plan.limits.seconds,
    });
    if (claimed.kind === 'busy') return claimed;
    const begun = draft('WarmStarted', `Warming by ${plan.name}: ${reason}`, unitOf(request));
    await commitWarm(
      deps,
      request,
      entry,
      withRun(entry.state, claimed.run),
      claimed.kind === 'begin' ? [begun] : [],
    );
    return claimed;
  });
}

/** A run that is ours: it stores its progress and its end, and notices when it is ours no longer. */
export class HeldRun {
  readonly #deps: WarmDeps;
  readonly #request: RunRequest;
  #run: WarmRun;
  #storedAt: Instant;
  #storing: Promise<void> = Promise.resolve();
  #isLost = false;

  constructor(deps: WarmDeps, request: RunRequest, run: WarmRun) {
    this.#deps = deps;
    this.#request = request;
    this.#run = run;
    this.#storedAt = deps.clock.now();
  }

  /** As it stands, stored or not. */
  get run(): WarmRun {
    return this.#run;
  }

  /** Whether somebody else has taken it over: nothing more may be done for it. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Notes how far an item is; stores it when that was not done lately. */
  async note(item: ItemProgress): Promise<void> {
    const items = this.#run.items.map((each) => (each.name === item.name ? item : each));
    this.#run = { ...this.#run, items };
    if (item.state === 'open') return this.beat();
    await this.#store();
  }

  /** Notes the hit rate before the first query. */
  noteHitRate(hitRateBefore: HitRate): void {
    this.#run = { ...this.#run, hitRateBefore };
  }

  /** Stores the progress, and with it the lease, unless that was done lately. */
  async beat(): Promise<void> {
    if (secondsBetween(this.#storedAt, this.#deps.clock.now()) >= STORE_SECONDS) await this.#store();
  }

  /** Lets the run go for somebody to carry on, and asks for that. */
  async letGo(why: string): Promise<void> {
    await this.#storing;
    const asked = draft('WarmRequested', why, unitOf(this.#request));
    const now = this.#deps.clock.now();
    await this.#commit((state) => withRun(state, { ...this.#run, leaseUntil: now }), [asked]);
  }

  /** Ends the run. Null when it was not ours any more. */
  async end(hitRateAfter: HitRate): Promise<WarmReport | null> {
    await this.#storing;
    const report = reportOf(this.#run, this.#deps.clock.now(), hitRateAfter);
    const type = report.outcome === 'failed' ? 'WarmFailed' : 'WarmCompleted';
    const event = draft(type, warmSentence(report), unitOf(this.#request));
    await this.#commit((state) => ended(state, report), [event]);
    return this.#isLost ? null : report;
  }

  /** One after the other: workers of one page may ask at the same time. */
  #store(): Promise<void> {
    this.#storedAt = this.#deps.clock.now();
    this.#storing = this.#storing.then(async () => {
      this.#run = {
        ...this.#run,
        leaseUntil: plusSeconds(this.#deps.clock.now(), leaseSeconds(this.#request.plan)),
      };
      await this.#commit((state) => withRun(state, this.#run), []);
      this.#deps.onProgress?.(this.#run);
    });
    return this.#storing;
  }

  async #commit(next: (state: TargetState) => TargetState, events: readonly EventDraft[]): Promise<void> {
    if (this.#isLost) return;
    const { target } = this.#request;
    await onConflict(
      this.#deps,
      target,
      async () => {
        const entry = await headOf(this.#deps, target);
        if (warmOf(entry.state).run?.holder !== this.#run.holder) this.#isLost = true;
        else await commitWarm(this.#deps, this.#request, entry, next(entry.state), events);
      },
      ATTEMPTS,
    );
  }
}

const leaseSeconds = (plan: WarmPlan): number =>
  LEASE_SECONDS + longestQuestionSeconds(plan) + 1 / plan.limits.queriesPerSecond;

const unitOf = ({ unit }: RunRequest) => (unit === null ? {} : { unit });

const headOf = async ({ ledger }: Pick<WarmDeps, 'ledger'>, target: TargetId) =>
  warmEntry(target, (await ledger.load([target])).get(target));

const withRun = (state: TargetState, run: WarmRun): TargetState => ({
  ...state,
  warm: { ...warmOf(state), run },
});

const commitWarm = (
  { ledger, clock }: WarmDeps,
  { plan }: RunRequest,
  entry: LedgerEntry,
  state: TargetState,
  events: readonly EventDraft[],
) => commitChange(ledger, entry, { name: plan.name }, state, events, clock.now());
