import type { Application, Tier } from '../../shared/core/application.ts';
import { applicationHead } from '../../shared/core/plan/application-head.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { type TargetId, targetId } from '../../shared/core/target.ts';
import { aPolicy, aTargetTracking, type PolicyOverrides } from './a-policy.ts';
import { AWorld } from './a-world.ts';

/** A policy of a tier, whose metric is `<name>Cpu` with a target of 70. */
export function aTierPolicy(name: string, target: Policy['target'], overrides: PolicyOverrides = {}): Policy {
  const { metric, ...tracking } = aTargetTracking();
  return aPolicy({
    ...{ name, target },
    strategies: [{ ...tracking, metric: { ...metric, id: `${name}Cpu` } }],
    cooldownSeconds: { out: 0, in: 0 },
    ...overrides,
  });
}

/** The tier of a policy, under the policy's own name. */
export const aTier = (policy: Policy, overrides: Partial<Tier> = {}): Tier => ({
  ...{ name: policy.name, policy: policy.name, target: targetId(policy.target), after: [], warm: null },
  ...overrides,
});

const leaving = { connections: 0, drainSeconds: 60 };

/** One to five read replicas. */
export const DATABASE = aTierPolicy(
  'database',
  {
    ...{ kind: 'rds-replicas', source: 'shop', classes: [], zones: [], maxLagSeconds: 30 },
    ...{ warmUp: null, leaving, endpoint: null },
  },
  { bounds: { min: 1, max: 5 } },
);

/** One to five replicas of a cache. */
export const CACHE = aTierPolicy(
  'cache',
  { kind: 'elasticache-replicas', replicationGroup: 'shop' },
  { bounds: { min: 1, max: 5 } },
);

/** Four to sixty tasks. */
export const WEB = aTierPolicy(
  'web',
  { kind: 'ecs-service', cluster: 'prod', service: 'shop' },
  { bounds: { min: 4, max: 60 } },
);

/** Database, then cache, then web: 20 connections a task, twice while it deploys, of 80 % of 600 a replica. */
export const SHOP: Application = {
  name: 'shop',
  tiers: [
    aTier(DATABASE),
    aTier(CACHE, { after: ['database'] }),
    aTier(WEB, { after: ['database', 'cache'] }),
  ],
  budget: {
    share: 0.8,
    databases: [{ tier: 'database', fixedNodes: 0, maxConnections: 600 }],
    clients: [{ tier: 'web', poolSize: 20, deploymentFactor: 2 }],
  },
};

/** A world of three tiers, in which every unit is loaded as it should be. */
export class AShop extends AWorld {
  readonly application: Application;

  constructor(sizes = { database: 1, cache: 1, web: 4 }, application: Application = SHOP) {
    super([DATABASE, CACHE, WEB], 1, [application]);
    this.application = application;
    for (const [name, size] of Object.entries(sizes)) {
      const service = this.tier(name);
      service.desired = size;
      service.running = size;
      this.measure(`${name}Cpu`, 66);
    }
  }

  /** The service of a tier. */
  tier(name: string) {
    const service = this.services.get(this.idOf(name));
    if (service === undefined) throw new Error(`no tier ${name}`);
    return service;
  }

  /** The target of a tier. */
  idOf(name: string): TargetId {
    const tier = this.application.tiers.find((each) => each.name === name);
    if (tier === undefined) throw new Error(`no tier ${name}`);
    return tier.target;
  }

  /** Sizes of all tiers. */
  sizes() {
    return Object.fromEntries(this.application.tiers.map(({ name }) => [name, this.tier(name).desired]));
  }

  /** Gives every tier a metric at which it wants this size. */
  wish(sizes: Readonly<Record<string, number>>): void {
    for (const [name, size] of Object.entries(sizes)) {
      const { running, desired } = this.tier(name);
      // Inside the band of 10 % where it is there, outside of it where not.
      this.measure(`${name}Cpu`, size === desired ? 70 : (70 * size) / running - 0.001);
    }
  }

  /** Connections that clients may hold, and those that ready replicas take. */
  connections(): { readonly used: number; readonly allowed: number } {
    const web = this.tier('web');
    const { ready } = { ready: Math.min(this.tier('database').running, this.tier('database').desired) };
    return { used: Math.max(web.desired, web.running) * 40, allowed: ready * 600 * 0.8 };
  }

  /** The plan of the application's head. */
  async plan() {
    const head = applicationHead(this.application);
    return (await this.ledger.load([head])).get(head)?.state.plan;
  }

  /** Types of the events of the plan, oldest first. */
  async planHistory(): Promise<readonly string[]> {
    const head = applicationHead(this.application);
    const { relayEvents } = await import('../../shared/usecases/relay-events.ts');
    const entry = (await this.ledger.load([head])).get(head);
    if (entry !== undefined) await relayEvents(this.deps, head, entry.outbox);
    const { events } = await this.events.list({ target: head, order: 'oldest-first', limit: 100 });
    return events.map(({ type }) => type);
  }
}
