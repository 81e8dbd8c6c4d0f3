import { alarmsFor } from '../core/alarms.ts';
import { ControllerError } from '../core/controller-error.ts';
import type { MetricQuery } from '../core/metric.ts';
import type { Policy } from '../core/policy.ts';
import { type Instant, instant } from '../core/time.ts';
import { SimulatedCaches } from './caches/simulated-caches.ts';
import { SimulatedDatabases } from './databases/simulated-databases.ts';
import { type Demand, type LoadModel, NO_TIERS } from './demand.ts';
import { EventReporter } from './event-reporter.ts';
import {
  type HostedService,
  hostedService,
  inputsOf,
  type ServicePolicy,
  serviceKey,
} from './hosted-service.ts';
import { conflicts, type ModelledMetric, modelMetrics } from './metric-model.ts';
import type { Datapoint } from './metric-series.ts';
import { type AlarmView, PlantAlarms } from './plant-alarms.ts';
import { type AccountIdentity, arnOf, type PlantEvent } from './plant-event.ts';
import { type DatapointRange, type MetricSelector, PlantMetrics } from './plant-metrics.ts';
import type { PlantOptions, ServiceView, TargetView, UpdateOutcome } from './plant-views.ts';
import type { Score } from './scorecard.ts';
import { seededRandom } from './seeded-random.ts';
import { TaskDefinitions, type TaskRevision } from './task-definitions.ts';
import type { Workload } from './workload.ts';

/** How long a rolling deployment of another revision takes. */
const ROLLING_SECONDS = 300;

const DEFAULT_IDENTITY: AccountIdentity = { account: '123456789012', region: 'us-east-1' };

/**
 * The simulated account: services under a load, their metrics and alarms.
 * It knows no time of its own and moves only when told to, second by second.
 */
export class Plant {
  readonly identity: AccountIdentity;
  /** What could not be modelled faithfully, in sentences. */
  readonly warnings: readonly string[];
  readonly taskDefinitions: TaskDefinitions;
  readonly databases: SimulatedDatabases;
  readonly caches: SimulatedCaches;
  readonly #loadModel: LoadModel;
  readonly #workload: Workload;
  readonly #reporter: EventReporter;
  readonly #hosted: readonly HostedService[];
  readonly #visible: Map<string, HostedService>;
  readonly #metrics = new PlantMetrics();
  readonly #alarms: PlantAlarms;
  #now: Instant;
  #queued: readonly PlantEvent[] = [];

  constructor(options: PlantOptions) {
    const { policies, start, workload } = options;
    this.identity = options.identity ?? DEFAULT_IDENTITY;
    this.#loadModel = options.loadModel ?? NO_TIERS;
    this.#workload = workload;
    this.#reporter = new EventReporter(this.identity, seededRandom(options.seed, 'events'));
    this.caches = new SimulatedCaches(options, {
      identity: this.identity,
      metrics: this.#metrics,
      reporter: this.#reporter,
      now: () => this.#now,
    });
    this.#now = start;
    this.taskDefinitions = new TaskDefinitions(this.identity);
    this.#hosted = policies
      .filter(isOfService)
      .map((policy) => hostedService(policy, options, this.taskDefinitions));
    this.#visible = new Map(this.#hosted.map((each) => [each.key, each]));
    this.databases = new SimulatedDatabases(options, {
      identity: this.identity,
      metrics: this.#metrics,
      demand: this.#demandOfDatabases(workload.loadAt(start)),
    });
    this.warnings = this.#model(workload.loadAt(start));
    this.#alarms = new PlantAlarms(policies.flatMap(alarmsFor), this.#metrics, start);
  }

  /** The instant up to which the account has moved. */
  now(): Instant {
    return this.#now;
  }

  /**
   * Carries the account to `now`, and returns what EventBridge reports of it: changes of alarm state, each once, and
   * services that reached a steady state. To an instant of the past it does nothing.
   */
  advanceTo(now: Instant): readonly PlantEvent[] {
    const events: PlantEvent[] = [...this.#queued];
    this.#queued = [];
    const last = Math.floor(now / 1000);
    for (let second = Math.floor(this.#now / 1000) + 1; second <= last; second += 1) {
      this.#step(second, events);
    }
    if (now > this.#now) this.#now = now;
    return events;
  }

  /** Services of a cluster in the order of `names`; null = there is no such service. */
  describeServices(cluster: string, names: readonly string[]): readonly (ServiceView | null)[] {
    return names.map((name) => {
      const found = this.#visible.get(serviceKey(cluster, name));
      return found === undefined ? null : this.#view(found);
    });
  }

  /** Names of the clusters, sorted. */
  clusters(): readonly string[] {
    return [...new Set(this.#hosted.map(({ service }) => service.cluster))].sort();
  }

  /** Names of the services of a cluster that have not been deleted, sorted. */
  listServices(cluster: string): readonly string[] {
    return [...this.#visible.values()]
      .filter(({ service }) => service.cluster === cluster && service.status === 'ACTIVE')
      .map(({ service }) => service.name)
      .sort();
  }

  /** Asks a service for an absolute number of tasks, where only a real change counts as a resize, or for another revision. */
  updateService(
    cluster: string,
    name: string,
    {
      desired,
      revision,
    }: { readonly desired?: number | undefined; readonly revision?: TaskRevision | undefined },
  ): UpdateOutcome {
    const found = this.#visible.get(serviceKey(cluster, name));
    if (found === undefined) return 'no-such-service';
    if (found.service.status === 'INACTIVE') return 'inactive';
    if (desired !== undefined) {
      if (desired !== found.service.desired) found.card.countResize();
      found.service.resize(desired, this.#now);
    }
    if (revision !== undefined && revision.arn !== found.service.revision.arn) {
      this.#deploy(found, ROLLING_SECONDS, revision);
    }
    return 'updated';
  }

  /** Datapoints of a metric or an expression that can be read now, oldest first. */
  getMetricDatapoints(
    query: MetricQuery,
    start: Instant,
    end: Instant,
    periodSeconds: number,
  ): readonly Datapoint[] {
    const range: DatapointRange = { start, end, periodSeconds };
    return this.#metrics.query(query, range, this.#now);
  }

  /** Alarms by name, or all of them. */
  describeAlarms(names?: readonly string[]): readonly AlarmView[] {
    const views = this.#alarms.views();
    return names === undefined ? views : views.filter(({ spec }) => names.includes(spec.name));
  }

  /** How each policy's target has fared so far, by policy name. */
  scores(): Readonly<Record<string, Score>> {
    return Object.fromEntries(this.#hosted.map(({ policy, card }) => [policy.name, card.score()]));
  }

  /** Every target at this instant, in the order of the policies. */
  targets(): readonly TargetView[] {
    const load = this.#workload.loadAt(this.#now);
    return this.#hosted.map((each) => ({
      policy: each.policy.name,
      load,
      unit: each.unit,
      service: this.#view(each),
    }));
  }

  /** Changes a size as a deployment or a colleague would: nobody is told, and it counts as no resize of ours. */
  setDesiredBehindTheBack(cluster: string, name: string, desired: number): void {
    this.#existing(cluster, name).service.resize(desired, this.#now);
  }

  /** Begins a rolling deployment that lasts `seconds`. */
  beginDeployment(cluster: string, name: string, seconds = 300): void {
    this.#deploy(this.#existing(cluster, name), seconds);
  }

  /** Makes the next deployment of a service fail: its circuit breaker goes back to what ran before. */
  failNextDeployment(cluster: string, name: string): void {
    this.#existing(cluster, name).service.failNextDeployment();
  }

  #deploy({ service }: HostedService, seconds: number, revision?: TaskRevision): void {
    service.beginDeployment(this.#now, seconds, revision);
    const begun = this.#reporter.service(service, 'deployment-in-progress', this.#now);
    this.#queued = [...this.#queued, begun];
  }

  /** Deletes a service: `inactive` leaves it visible as ECS does for a while, `gone` is what comes after. */
  deleteService(cluster: string, name: string, how: 'inactive' | 'gone' = 'inactive'): void {
    const found = this.#existing(cluster, name);
    found.service.delete();
    if (how === 'gone') this.#visible.delete(found.key);
  }

  /**
   * Stops the reporting of a metric.
   * @throws ControllerError `invalid` when the account has no such metric.
   */
  stopMetric(selector: MetricSelector): void {
    this.#setStopped(selector, true);
  }

  /** Lets a stopped metric be reported again. */
  resumeMetric(selector: MetricSelector): void {
    this.#setStopped(selector, false);
  }

  #setStopped(selector: MetricSelector, stopped: boolean): void {
    if (this.#metrics.setStopped(selector, stopped) > 0) return;
    throw new ControllerError(
      'invalid',
      `the simulated account has no metric ${selector.namespace} ${selector.name} (name one that a policy uses)`,
      { retryable: false },
    );
  }

  /** One second: [second - 1, second). What happened at its end is reported with that instant. */
  #step(second: number, events: PlantEvent[]): void {
    const load = this.#workload.loadAt(instant((second - 1) * 1000));
    const end = instant(second * 1000);
    for (const each of this.#hosted) {
      const { key, service, card } = each;
      const alive = service.status === 'ACTIVE';
      const inputs = alive ? inputsOf(each, load) : null;
      if (inputs !== null) card.observe(inputs, 1);
      this.#metrics.record(key, inputs, second);
      for (const happening of service.advanceTo(end)) {
        events.push(this.#reporter.service(service, happening, end));
      }
    }
    events.push(...this.#stepTiers(load, end));
    for (const change of this.#alarms.evaluateAt(second)) events.push(this.#reporter.alarm(change, end));
  }

  /** The caches answer what they can, and the databases the rest. */
  #stepTiers(load: number, end: Instant): readonly PlantEvent[] {
    const demand = this.#demand(load);
    const missed = this.#demandOfDatabases(load);
    const cached = { ...demand, reads: demand.reads * this.#cachedShare };
    return [...this.caches.step(cached, end), ...this.databases.step(missed, end)];
  }

  #demand(load: number): Demand {
    const { readsPerLoad, writesPerLoad } = this.#loadModel;
    const tasks = this.#hosted.reduce((sum, { service }) => sum + service.running, 0);
    return { load, tasks, reads: load * readsPerLoad, writes: load * writesPerLoad };
  }

  #demandOfDatabases(load: number): Demand {
    const demand = this.#demand(load);
    return { ...demand, reads: demand.reads * (1 - this.#cachedShare * this.caches.hitRate()) };
  }

  get #cachedShare(): number {
    return 1 - (this.#loadModel.pastCaches ?? 0);
  }

  #model(load: number): readonly string[] {
    const models = this.#hosted.map((each) => {
      const { policy, unit, key } = each;
      const model = modelMetrics(policy, unit);
      this.#metrics.add(key, model.metrics, this.#now, inputsOf(each, load));
      return model;
    });
    const all: readonly ModelledMetric[] = models.flatMap(({ metrics }) => metrics);
    return [...models.flatMap(({ warnings }) => warnings), ...conflicts(all)];
  }

  #existing(cluster: string, name: string): HostedService {
    const found = this.#visible.get(serviceKey(cluster, name));
    if (found !== undefined) return found;
    throw new ControllerError(
      'target-missing',
      `the simulated account has no service ${name} in cluster ${cluster} (it has those that policies name)`,
      { retryable: false },
    );
  }

  #view({ service }: HostedService): ServiceView {
    const { cluster, name } = service;
    return {
      cluster,
      name,
      arn: arnOf(this.identity, 'ecs', `service/${cluster}/${name}`),
      clusterArn: arnOf(this.identity, 'ecs', `cluster/${cluster}`),
      status: service.status,
      desired: service.desired,
      running: service.running,
      pending: service.pending,
      createdAt: service.createdAt,
      deployments: service.deployments(),
    };
  }
}

const isOfService = (policy: Policy): policy is ServicePolicy => policy.target.kind === 'ecs-service';

/** Makes a simulated account. */
export const createPlant = (options: PlantOptions): Plant => new Plant(options);
