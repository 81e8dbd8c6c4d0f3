import type { Application } from '../../../shared/core/application.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import { NO_TRAFFIC, type TrafficCounts } from '../../../shared/simulation/databases/traffic-counters.ts';
import type { Plant } from '../../../shared/simulation/plant.ts';
import { taskSizes } from '../tiers/tier-sizes.ts';
import { cacheSizes, cacheValues } from './cache-measures.ts';
import { databaseValues, instanceSizes } from './database-measures.ts';
import { BUDGET_MEASURE, CACHE_MEASURES, DATABASE_MEASURES, SIZES, type Sizes } from './measure-names.ts';
import type { Scenario, Variant } from './scenario.ts';

type Values = Map<string, number>;

/** Reads the measures of a run, second by second. */
export class Measures {
  readonly #plant: Plant;
  readonly #variant: Variant;
  readonly #connectionsPerTask: number;
  readonly #applications: readonly Application[];
  readonly #hasDatabases: boolean;
  readonly #hasCaches: boolean;
  /** What the databases had counted when they were last looked at. */
  #before: TrafficCounts = NO_TRAFFIC;

  constructor(plant: Plant, variant: Variant, scenario: Scenario) {
    this.#plant = plant;
    this.#variant = variant;
    this.#connectionsPerTask = scenario.loadModel.connectionsPerTask;
    // Also where nobody keeps it: what it would have been.
    this.#applications = scenario.main.applications;
    this.#hasDatabases = variant.policies.some(isOfDatabase);
    this.#hasCaches = variant.policies.some(isOfCache);
  }

  /** The values at this second; what is not there now is absent. */
  read(): ReadonlyMap<string, number> {
    const values: Values = new Map();
    let tasks = 0;
    for (const { policy, load, service } of this.#plant.targets()) {
      const { desired, running, pending } = service;
      tasks += running;
      values.set('load', load);
      put(values, policy, { desired, running, ready: running, pending });
    }
    for (const { name, target } of this.#variant.policies)
      if (target.kind === 'ecs-task-size') put(values, name, taskSizes(target, this.#plant));
    if (this.#hasDatabases) this.#readDatabases(values, tasks);
    if (this.#hasCaches) this.#readCaches(values);
    const budget = budgetOf(this.#applications, values);
    if (budget !== null) values.set(BUDGET_MEASURE, budget);
    return values;
  }

  #readDatabases(values: Values, tasks: number): void {
    const view = this.#plant.databases.views();
    const wanted = tasks * this.#connectionsPerTask;
    for (const [name, value] of databaseValues(view, this.#before, this.#variant, wanted))
      values.set(name, value);
    this.#before = view.total;
    for (const policy of this.#variant.policies) put(values, policy.name, instanceSizes(policy.target, view));
  }

  #readCaches(values: Values): void {
    const { caches } = this.#plant;
    for (const [name, value] of cacheValues(caches)) values.set(name, value);
    for (const policy of this.#variant.policies) put(values, policy.name, cacheSizes(policy.target, caches));
  }
}

/** Connections that the budgets of all applications allow with the nodes that are ready; null = there is none. */
function budgetOf(applications: readonly Application[], values: Values): number | null {
  const budgets = applications.flatMap(({ budget, tiers }) => {
    if (budget === null) return [];
    const nodesOf = (name: string | null): number => {
      const tier = tiers.find((each) => each.name === name);
      return tier === undefined ? 0 : (values.get(`${tier.policy}.ready`) ?? 0);
    };
    const nodes = budget.databases.map(
      ({ tier, fixedNodes, maxConnections }) => (nodesOf(tier) + fixedNodes) * maxConnections,
    );
    return [nodes.reduce((sum, each) => sum + each, 0) * budget.share];
  });
  return budgets.length === 0 ? null : budgets.reduce((sum, each) => sum + each, 0);
}

function put(values: Values, policy: string, sizes: Sizes | null): void {
  if (sizes !== null) for (const size of SIZES) values.set(`${policy}.${size}`, sizes[size]);
}

const isOfDatabase = ({ target: { kind } }: Policy): boolean =>
  kind === 'rds-replicas' || kind === 'aurora-readers' || kind === 'rds-instance-class';

const isOfCache = ({ target: { kind } }: Policy): boolean => kind.startsWith('elasticache-');

/** Names the measures of a run with these policies. */
export function measureNames({
  policies,
  applications,
}: Pick<Variant, 'policies' | 'applications'>): readonly string[] {
  return [
    'load',
    ...policies.flatMap(({ name }) => SIZES.map((size) => `${name}.${size}`)),
    ...(policies.some(isOfDatabase) ? DATABASE_MEASURES : []),
    ...(policies.some(isOfCache) ? CACHE_MEASURES : []),
    ...(applications.some(({ budget }) => budget !== null) ? [BUDGET_MEASURE] : []),
  ];
}
