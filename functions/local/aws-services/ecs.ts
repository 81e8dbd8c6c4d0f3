import * as ecs from '@aws-sdk/client-ecs';
import type { Plant } from '../../../shared/simulation/plant.ts';
import { arnOf } from '../../../shared/simulation/plant-event.ts';
import type { ServiceView } from '../../../shared/simulation/plant-views.ts';
import type { SimulatedDeployment } from '../../../shared/simulation/simulated-deployment.ts';
import type { TaskRevision } from '../../../shared/simulation/task-definitions.ts';
import type { HandlersOf } from '../aws-endpoint/service.ts';
import { pageOf, shortName } from './arguments.ts';

/** DescribeServices takes this many services a call. Source: ECS API reference, DescribeServices. */
const MAX_DESCRIBED_SERVICES = 10;
/** DescribeClusters takes this many clusters a call. */
const MAX_DESCRIBED_CLUSTERS = 100;
const DEFAULT_LISTED_SERVICES = 10;
const MAX_LISTED_SERVICES = 100;
const DEFAULT_CLUSTER = 'default';

/** ECS as the simulated account plays it: services are looked at, listed and resized. */
export function ecsHandlers(plant: Plant): HandlersOf<typeof ecs> {
  return {
    DescribeServices: ({ cluster, services }) => {
      const name = clusterOf(plant, cluster);
      const names = services ?? [];
      if (names.length === 0) throw invalidParameter('Services cannot be empty.');
      if (names.length > MAX_DESCRIBED_SERVICES) {
        throw invalidParameter(`Services cannot have more than ${MAX_DESCRIBED_SERVICES} elements.`);
      }
      const views = plant.describeServices(name, names.map(shortName));
      return {
        services: views.flatMap((view) => (view === null ? [] : [describe(view)])),
        failures: views.flatMap((view, index) =>
          view === null ? [missing(plant, `service/${name}/${shortName(names[index] ?? '')}`)] : [],
        ),
      };
    },
    UpdateService: ({ cluster, service, desiredCount, taskDefinition }) => {
      const name = clusterOf(plant, cluster);
      const target = shortName(service ?? '');
      if (target === '') throw invalidParameter('Service cannot be empty.');
      if (desiredCount !== undefined) assertCount(desiredCount);
      const [before = null] = plant.describeServices(name, [target]);
      if (before === null) throw notFound();
      // Other settings of a service change nothing in the simulation.
      const revision = taskDefinition === undefined ? undefined : revisionOf(plant, taskDefinition);
      const outcome = plant.updateService(name, target, { desired: desiredCount, revision });
      if (outcome === 'inactive') {
        throw new ecs.ServiceNotActiveException({ message: 'Service was not ACTIVE.', $metadata: {} });
      }
      const [after = null] = plant.describeServices(name, [target]);
      return { service: describe(after ?? before) };
    },
    DescribeTaskDefinition: ({ taskDefinition = '', include = [] }) => {
      const revision = revisionOf(plant, taskDefinition);
      return {
        taskDefinition: describeRevision(revision),
        tags: include.includes('TAGS') ? [...revision.tags] : [],
      };
    },
    RegisterTaskDefinition: ({ tags = [], family = '', cpu = '', memory = '', ...settings }) => {
      if (family === '') throw clientFault('Family should not be empty.');
      assertFits(settings.containerDefinitions, { cpu: Number(cpu), memory: Number(memory) });
      const labels = tags.map(({ key = '', value = '' }) => ({ key, value }));
      const revision = plant.taskDefinitions.register({ ...settings, family, cpu, memory }, labels);
      return { taskDefinition: describeRevision(revision), tags };
    },
    ListServices: ({ cluster, maxResults, nextToken }) => {
      const name = clusterOf(plant, cluster);
      const size = Math.min(maxResults ?? DEFAULT_LISTED_SERVICES, MAX_LISTED_SERVICES);
      const page = pageOf(plant.listServices(name), nextToken, size);
      if (page === null) throw invalidParameter('Invalid token.');
      return {
        serviceArns: page.items.map((service) => arnOf(plant.identity, 'ecs', `service/${name}/${service}`)),
        nextToken: page.next,
      };
    },
    DescribeClusters: ({ clusters = [DEFAULT_CLUSTER] }) => {
      if (clusters.length > MAX_DESCRIBED_CLUSTERS) {
        throw invalidParameter(`Clusters cannot have more than ${MAX_DESCRIBED_CLUSTERS} elements.`);
      }
      const names = clusters.map(shortName);
      const known = names.filter((name) => plant.clusters().includes(name));
      return {
        clusters: known.map((name) => describeCluster(plant, name)),
        failures: names
          .filter((name) => !known.includes(name))
          .map((name) => missing(plant, `cluster/${name}`)),
      };
    },
  };
}

function revisionOf(plant: Plant, name: string): TaskRevision {
  const found = plant.taskDefinitions.find(name);
  if (found === null) throw clientFault('Unable to describe task definition.');
  return found;
}

const describeRevision = ({ arn, revision, settings }: TaskRevision): ecs.TaskDefinition => ({
  ...settings,
  taskDefinitionArn: arn,
  revision,
  status: 'ACTIVE',
});

/** A container may not be larger than its task. */
function assertFits(
  containers: readonly ecs.ContainerDefinition[] = [],
  task: Readonly<Record<'cpu' | 'memory', number>>,
): void {
  for (const { name = '', ...container } of containers) {
    for (const setting of ['cpu', 'memory'] as const) {
      if ((container[setting] ?? 0) <= task[setting]) continue;
      throw clientFault(`The '${setting}' setting for container '${name}' is greater than for the task.`);
    }
  }
}

const clientFault = (message: string): Error => new ecs.ClientException({ message, $metadata: {} });

function clusterOf(plant: Plant, cluster: string | undefined): string {
  const name = shortName(cluster ?? DEFAULT_CLUSTER);
  if (plant.clusters().includes(name)) return name;
  throw new ecs.ClusterNotFoundException({ message: 'Cluster not found.', $metadata: {} });
}

function assertCount(desiredCount: number): void {
  if (!Number.isInteger(desiredCount) || desiredCount < 0) {
    throw invalidParameter('desiredCount cannot be negative.');
  }
}

const missing = (plant: Plant, resource: string): ecs.Failure => ({
  arn: arnOf(plant.identity, 'ecs', resource),
  reason: 'MISSING',
});

function describe(view: ServiceView): ecs.Service {
  return {
    serviceArn: view.arn,
    serviceName: view.name,
    clusterArn: view.clusterArn,
    status: view.status,
    desiredCount: view.desired,
    runningCount: view.running,
    pendingCount: view.pending,
    launchType: 'FARGATE',
    taskDefinition: view.deployments[0]?.revision.arn,
    schedulingStrategy: 'REPLICA',
    createdAt: new Date(view.createdAt),
    deployments: view.deployments.map(describeDeployment),
  };
}

const describeDeployment = (deployment: SimulatedDeployment): ecs.Deployment => ({
  id: deployment.id,
  taskDefinition: deployment.revision.arn,
  status: deployment.status,
  rolloutState: deployment.rolloutState,
  rolloutStateReason: deployment.rolloutStateReason,
  desiredCount: deployment.desired,
  runningCount: deployment.running,
  pendingCount: deployment.pending,
  failedTasks: 0,
  createdAt: new Date(deployment.createdAt),
  updatedAt: new Date(deployment.updatedAt),
});

function describeCluster(plant: Plant, name: string): ecs.Cluster {
  const views = plant.describeServices(name, plant.listServices(name)).filter((view) => view !== null);
  const sum = (count: (view: ServiceView) => number): number =>
    views.reduce((total, view) => total + count(view), 0);
  return {
    clusterArn: arnOf(plant.identity, 'ecs', `cluster/${name}`),
    clusterName: name,
    status: 'ACTIVE',
    activeServicesCount: views.length,
    runningTasksCount: sum(({ running }) => running),
    pendingTasksCount: sum(({ pending }) => pending),
  };
}

const notFound = (): Error =>
  new ecs.ServiceNotFoundException({ message: 'Service not found.', $metadata: {} });

const invalidParameter = (message: string): Error =>
  new ecs.InvalidParameterException({ message, $metadata: {} });
