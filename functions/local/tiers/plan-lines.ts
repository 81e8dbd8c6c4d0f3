import type { Application } from '../../../shared/core/application.ts';
import type { LedgerEntry } from '../../../shared/core/ledger-entry.ts';
import { outlineOf } from '../../../shared/core/plan/outline.ts';
import type { PlanStatus } from '../../../shared/core/plan/plan-record.ts';
import { tierPlan } from '../../../shared/core/plan/tier-limits.ts';
import { type TargetId, targetId } from '../../../shared/core/target.ts';
import type { Instant } from '../../../shared/core/time.ts';
import type { PolicySource } from '../../../shared/ports/policy-source.ts';
import { planView } from '../../../shared/usecases/plan-view.ts';
import type { Sizes } from '../scenario/measure-names.ts';

/** How the plan of an application stands, in a few lines for people. */
export interface PlanLines {
  readonly application: string;
  readonly status: PlanStatus;
  /** One entry for each tier: `web 12 → 15`. */
  readonly tiers: readonly string[];
  /** What tiers wait for, and how far the budget lets them go. */
  readonly said: readonly string[];
}

/** What a plan is read from, without asking the account again. */
export interface PlanSources {
  readonly policies: PolicySource;
  readonly heads: ReadonlyMap<TargetId, LedgerEntry>;
  readonly sizes: ReadonlyMap<TargetId, Sizes>;
  readonly now: Instant;
}

/** How the plans of all applications stand. */
export const planLines = (sources: PlanSources): readonly PlanLines[] =>
  sources.policies.applications().map((application) => linesOf(application, sources));

function linesOf(application: Application, { policies, heads, sizes, now }: PlanSources): PlanLines {
  const observations = new Map(
    application.tiers.flatMap(({ target }) => {
      const capacity = sizes.get(target);
      return capacity === undefined
        ? []
        : [[target, { kind: 'present', capacity, deployment: 'none' }] as const];
    }),
  );
  const view = planView({ policies }, { application, heads, observations }, now);
  const { status, tiers } = outlineOf(view);
  const waiting = tiers.filter(({ state, why }) => why !== '' && state !== 'running');
  const budgets = tiers.flatMap(({ tier }) =>
    tierPlan(view, tier)
      .limits.filter(({ reason, direction }) => reason === 'connection-budget' && direction === 'out')
      .map(({ detail }) => `${tier} within the connection budget: ${detail}`),
  );
  const waits = waiting.map(({ tier, why }) => `${tier}: ${why}`);
  return {
    application: application.name,
    status,
    tiers: tiers.map(
      ({ tier, from, to }) => `${tier} ${from === to ? said(from) : `${said(from)} → ${said(to)}`}`,
    ),
    said: [...new Set([...waits, ...budgets])],
  };
}

const said = (size: number | null): string => (size === null ? '?' : String(size));

/** The sizes of every tier of a picture, by target. */
export const sizesByTarget = (
  policies: PolicySource,
  rows: readonly { readonly policy: string; readonly sizes: Sizes }[],
): ReadonlyMap<TargetId, Sizes> =>
  new Map(
    rows.flatMap(({ policy, sizes }) => {
      const found = policies.all().find(({ name }) => name === policy);
      return found === undefined ? [] : [[targetId(found.target), sizes] as const];
    }),
  );
