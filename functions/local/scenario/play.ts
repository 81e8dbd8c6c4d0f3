import type { Workload } from '../../../shared/simulation/workload.ts';
import { type Figures, figuresOf } from './bounds.ts';
import { type Failure, judge } from './judge.ts';
import type { CrashPoint } from './mortality.ts';
import type { RunRecord } from './run-record.ts';
import { runScenario } from './run-scenario.ts';
import type { Scenario, Variant } from './scenario.ts';
import { scenarioWorkload } from './workload.ts';

/** An expectation that a run did not meet. */
export interface RunFailure extends Failure {
  readonly seed: number;
  /** Where the controller died in that run; null = it did not. */
  readonly crash: string | null;
}

/** What all runs of one variant came to. */
export interface VariantResult {
  /** Null for the scenario itself. */
  readonly name: string | null;
  readonly runs: number;
  /** Runs that met everything that was expected. */
  readonly passed: number;
  /** The first failures, at most {@link MAX_FAILURES}. */
  readonly failures: readonly RunFailure[];
  /** The first run that failed, or else the first one: what the report shows. */
  readonly shown: RunRecord;
  /** The shown measures over the shown run. */
  readonly figures: ReadonlyMap<string, Figures>;
}

/** What a scenario came to. */
export interface ScenarioResult {
  readonly scenario: Scenario;
  readonly passed: boolean;
  readonly variants: readonly VariantResult[];
  readonly wallSeconds: number;
}

/** More failures than these say nothing new. */
export const MAX_FAILURES = 20;

/**
 * Runs a scenario with all its seeds, or all its crashes, and the variant that it is compared with.
 * @throws ControllerError `invalid` when its trace cannot be used.
 */
export async function playScenario(scenario: Scenario): Promise<ScenarioResult> {
  const begun = performance.now();
  const workload = await scenarioWorkload(scenario);
  const main = await playVariant(scenario, scenario.main, workload);
  const compared = scenario.compare === null ? [] : [await playVariant(scenario, scenario.compare, workload)];
  const variants = [main, ...compared];
  return {
    scenario,
    passed: variants.every(({ failures }) => failures.length === 0),
    variants,
    wallSeconds: (performance.now() - begun) / 1000,
  };
}

async function playVariant(scenario: Scenario, variant: Variant, workload: Workload): Promise<VariantResult> {
  const found = new Findings(variant);
  const { first, count } = scenario.seeds;
  const run = (seed: number, crash?: CrashPoint) =>
    runScenario({ scenario, variant, workload, seed, ...(crash === undefined ? {} : { crash }) });
  for (let seed = first; seed < first + count; seed += 1) found.take(await run(seed), null);
  if (scenario.crash !== null && variant === scenario.main) {
    const { awaits } = found.shown;
    for (let at = 1; at <= awaits; at += 1) {
      for (const when of scenario.crash.when) {
        found.take(await run(first, { at, when }), `${when} call ${at} of ${awaits}`);
      }
    }
  }
  return found.result(scenario.show);
}

/** What runs came to, without keeping them all. */
class Findings {
  readonly #variant: Variant;
  readonly #failures: RunFailure[] = [];
  #first: RunRecord | null = null;
  #firstFailed: RunRecord | null = null;
  #runs = 0;
  #passed = 0;

  constructor(variant: Variant) {
    this.#variant = variant;
  }

  /** The run that the report shows. */
  get shown(): RunRecord {
    const shown = this.#firstFailed ?? this.#first;
    if (shown === null) throw new Error('nothing was run');
    return shown;
  }

  take(record: RunRecord, crash: string | null): void {
    this.#runs += 1;
    this.#first ??= record;
    const failures = judge(record, this.#variant.expect);
    if (failures.length === 0) {
      this.#passed += 1;
      return;
    }
    this.#firstFailed ??= record;
    const room = MAX_FAILURES - this.#failures.length;
    this.#failures.push(
      ...failures.slice(0, room).map((failure) => ({ ...failure, seed: record.seed, crash })),
    );
  }

  result(show: readonly string[]): VariantResult {
    const { shown } = this;
    const whole = { first: 0, last: shown.seconds };
    const figures = show.flatMap((name) => {
      const of = figuresOf(shown, name, whole);
      return of === null ? [] : [[name, of] as const];
    });
    return {
      name: this.#variant.name,
      runs: this.#runs,
      passed: this.#passed,
      failures: this.#failures,
      shown,
      figures: new Map(figures),
    };
  }
}
