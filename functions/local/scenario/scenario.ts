import type { PolicySet } from '../../../shared/config/parse-policy-set.ts';
import type { Application } from '../../../shared/core/application.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import { type Instant, instant } from '../../../shared/core/time.ts';
import type { LoadModel } from '../../../shared/simulation/demand.ts';
import { NO_TIERS } from '../../../shared/simulation/demand.ts';
import type { PlantOptions } from '../../../shared/simulation/plant-views.ts';
import { defined } from './defined.ts';
import type { Expectation } from './expectation-schema.ts';
import { type Action, type Fault, seconds } from './happening-schema.ts';
import type { ScenarioDocument } from './schema.ts';

/** Ten o'clock on an ordinary day: when a scenario begins unless it says otherwise. */
const DEFAULT_START = '2026-11-20T10:00:00Z';

/** Who takes part in a run, what happens to them, and what must be true of it. */
export interface Variant {
  /** Null for the scenario itself. */
  readonly name: string | null;
  readonly policies: readonly Policy[];
  readonly applications: readonly Application[];
  readonly faults: readonly Fault[];
  readonly actions: readonly Action[];
  readonly expect: readonly Expectation[];
}

/** Every place at which the controller is to die once, each in a run of its own. */
export interface CrashSweep {
  readonly fromSeconds: number;
  readonly untilSeconds: number;
  /** Whether the call at which it dies takes effect. */
  readonly when: readonly ('before' | 'after')[];
}

/** A scenario that has been checked. */
export interface Scenario {
  readonly file: string;
  readonly name: string;
  readonly description: string | null;
  readonly start: Instant;
  readonly seconds: number;
  /** The seeds of its runs, one after the other. */
  readonly seeds: { readonly first: number; readonly count: number };
  /** Measures are read every so many seconds. */
  readonly sampleSeconds: number;
  readonly ledger: 'memory' | 'dynalite';
  readonly load: ScenarioDocument['load'];
  readonly loadModel: LoadModel;
  readonly resources: Pick<PlantOptions, 'unitCapacity' | 'databases' | 'caches'>;
  readonly crash: CrashSweep | null;
  readonly main: Variant;
  readonly compare: Variant | null;
  /** Measures that the report shows. */
  readonly show: readonly string[];
}

/** Makes a checked document into a scenario. */
export function compileScenario(file: string, document: ScenarioDocument, set: PolicySet): Scenario {
  const { name, description = null, duration, load, expect } = document;
  const main: Variant = {
    name: null,
    policies: set.policies,
    applications: set.applications,
    faults: document.faults ?? [],
    actions: document.actions ?? [],
    expect,
  };
  return {
    file,
    name,
    description,
    start: instant(Date.parse(document.start ?? DEFAULT_START)),
    seconds: seconds(duration),
    seeds: { first: document.seed ?? 1, count: document.seeds ?? 1 },
    sampleSeconds: seconds(document.sample ?? '1s'),
    ledger: document.ledger ?? 'memory',
    load,
    loadModel: { ...NO_TIERS, ...defined(document.loadModel ?? {}) },
    resources: resourcesOf(document.resources),
    crash: crashOf(document),
    main,
    compare: compareOf(document.compare, main),
    show: document.show ?? set.policies.map((policy) => `${policy.name}.running`),
  };
}

function crashOf({ crash, duration }: ScenarioDocument): CrashSweep | null {
  if (crash === undefined) return null;
  const when = crash.when ?? 'both';
  return {
    fromSeconds: seconds(crash.from ?? '0s'),
    untilSeconds: seconds(crash.until ?? duration),
    when: when === 'both' ? ['before', 'after'] : [when],
  };
}

function compareOf(compare: ScenarioDocument['compare'], main: Variant): Variant | null {
  if (compare === undefined) return null;
  const without = new Set(compare.without ?? []);
  const stays = ({ name }: { readonly name: string }) => !without.has(name);
  return {
    name: compare.name,
    policies: main.policies.filter(stays),
    applications: without.has('Application') ? [] : main.applications.filter(stays),
    faults: compare.faults ?? main.faults,
    actions: compare.actions ?? main.actions,
    expect: compare.expect ?? [],
  };
}

function resourcesOf({
  unitCapacity,
  databases = {},
  caches = {},
}: NonNullable<ScenarioDocument['resources']> = {}): Scenario['resources'] {
  return {
    databases,
    caches: Object.fromEntries(Object.entries(caches).map(([id, given]) => [id, defined(given)])),
    ...defined({ unitCapacity }),
  };
}
