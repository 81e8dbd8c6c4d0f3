import { describe, expect, it } from 'vitest';
import { resourceMetric, resourcePresets } from '../../shared/config/resource-metrics.ts';
import { type TargetKind, UNIT_NAMES } from '../../shared/core/target.ts';
import { aDocument, policyOf, problemsOf } from '../support/a-document.ts';

const MAINTENANCE =
  '{ timeZone: UTC, windows: [ { name: night, start: 0 2 * * *, end: 0 4 * * *, maintenance: true } ] }';

/** A target of every kind as a document writes it. */
const TARGETS: Readonly<Record<TargetKind, string>> = {
  'ecs-service': '{ kind: ecs-service, cluster: prod, service: web }',
  'rds-replicas': '{ kind: rds-replicas, source: orders }',
  'aurora-readers': '{ kind: aurora-readers, cluster: shop }',
  'elasticache-replicas': '{ kind: elasticache-replicas, replicationGroup: sessions }',
  'elasticache-shards': '{ kind: elasticache-shards, replicationGroup: sessions }',
  'ecs-task-size':
    '{ kind: ecs-task-size, cluster: prod, service: web, ladder: [ { cpu: 512, memoryMiB: 1024 }, { cpu: 1024, memoryMiB: 2048 } ], immediate: true }',
  'rds-instance-class':
    '{ kind: rds-instance-class, instance: orders, ladder: [ db.r6g.large, db.r6g.xlarge ], immediate: true }',
  'elasticache-node-type':
    '{ kind: elasticache-node-type, replicationGroup: sessions, ladder: [ cache.r7g.large, cache.r7g.xlarge ], immediate: true }',
};
const KINDS = Object.keys(UNIT_NAMES) as readonly TargetKind[];
const BOUNDS = '{ min: 1, max: 2 }';
const threshold = (preset: string, more = '') =>
  `[ { type: threshold, metric: { preset: ${preset}${more} }, scaleOut: { above: 70, for: 5m, change: 1 } } ]`;
const tracking = '[ { type: target-tracking, target: 70, metric: { preset: cpu } } ]';

const document = (kind: TargetKind, spec: Readonly<Record<string, string | null>> = {}) =>
  aDocument({ target: TARGETS[kind], bounds: BOUNDS, strategies: threshold('cpu'), ...spec });
const onTarget = (target: string, spec: Readonly<Record<string, string | null>> = {}) =>
  problemsOf(aDocument({ target, bounds: BOUNDS, strategies: threshold('cpu'), ...spec }));

/** Namespace, name, dimensions, dimension of the units, scope. */
type Row = readonly [
  TargetKind,
  string,
  string,
  string,
  Readonly<Record<string, string>>,
  string | null,
  string,
];

const WEB = { ClusterName: 'prod', ServiceName: 'web' };
const SHOP = { DBClusterIdentifier: 'shop', Role: 'READER' };
const ORDERS = { DBInstanceIdentifier: 'orders' };
const [INSTANCE, NODE] = ['DBInstanceIdentifier', 'CacheClusterId'] as const;
const MEMORY = 'DatabaseMemoryUsageCountedForEvictPercentage';
const ECS = 'AWS/ECS';
const RDS = 'AWS/RDS';
const CACHE = 'AWS/ElastiCache';

const ROWS: readonly Row[] = [
  ['ecs-service', 'cpu', ECS, 'CPUUtilization', WEB, null, 'average'],
  ['ecs-service', 'memory', ECS, 'MemoryUtilization', WEB, null, 'average'],
  ['ecs-task-size', 'cpu', ECS, 'CPUUtilization', WEB, null, 'independent'],
  ['ecs-task-size', 'memory', ECS, 'MemoryUtilization', WEB, null, 'independent'],
  ['rds-replicas', 'cpu', RDS, 'CPUUtilization', {}, INSTANCE, 'average'],
  ['rds-replicas', 'connections', RDS, 'DatabaseConnections', {}, INSTANCE, 'average'],
  ['rds-replicas', 'replica-lag', RDS, 'ReplicaLag', {}, INSTANCE, 'independent'],
  ['aurora-readers', 'cpu', RDS, 'CPUUtilization', SHOP, null, 'average'],
  ['aurora-readers', 'connections', RDS, 'DatabaseConnections', SHOP, null, 'average'],
  ['aurora-readers', 'replica-lag', RDS, 'AuroraReplicaLag', SHOP, null, 'independent'],
  ['rds-instance-class', 'cpu', RDS, 'CPUUtilization', ORDERS, null, 'independent'],
  ['rds-instance-class', 'connections', RDS, 'DatabaseConnections', ORDERS, null, 'independent'],
  ...(['elasticache-replicas', 'elasticache-shards', 'elasticache-node-type'] as const).flatMap(
    (kind): Row[] => {
      const follows = kind === 'elasticache-node-type' ? 'independent' : 'average';
      return [
        [kind, 'cpu', CACHE, 'EngineCPUUtilization', {}, NODE, follows],
        [kind, 'memory', CACHE, MEMORY, {}, NODE, follows],
        [kind, 'connections', CACHE, 'CurrConnections', {}, NODE, follows],
        [kind, 'hit-rate', CACHE, 'CacheHitRate', {}, NODE, 'independent'],
      ];
    },
  ),
];

describe('the presets of a kind', () => {
  it.each(ROWS)(
    '%s has %s: %s %s of %j, by %s, %s',
    (kind, preset, namespace, name, dimensions, unit, scope) => {
      const [strategy] = policyOf(document(kind, { strategies: threshold(preset) })).strategies;
      if (strategy?.kind !== 'threshold') throw new Error('no threshold');
      expect(strategy.metric.query).toEqual({ kind: 'stat', namespace, name, dimensions, stat: 'Average' });
      expect(strategy.metric.unitDimension ?? null).toBe(unit);
      expect(strategy.scope).toBe(scope);
    },
  );

  it('are all in the table', () => {
    const all = KINDS.flatMap((kind) => resourcePresets(kind).map((preset) => `${kind} ${preset}`));
    expect(ROWS.map(([kind, preset]) => `${kind} ${preset}`).sort()).toEqual(all.sort());
  });

  it('say their unit: Aurora counts its lag in milliseconds', () => {
    const unit = (kind: TargetKind) => resourceMetric('replica-lag', policyOf(document(kind)).target)?.unit;
    expect(unit('rds-replicas')).toBe(' s');
    expect(unit('aurora-readers')).toBe(' ms');
  });

  it.each<[TargetKind, string, string]>([
    ['ecs-service', 'connections', 'cpu, memory'],
    ['ecs-task-size', 'hit-rate', 'cpu, memory'],
    ['rds-replicas', 'memory', 'cpu, connections, replica-lag'],
    ['aurora-readers', 'hit-rate', 'cpu, connections, replica-lag'],
    ['rds-instance-class', 'replica-lag', 'cpu, connections'],
    ['elasticache-shards', 'replica-lag', 'cpu, memory, connections, hit-rate'],
  ])('of %s do not hold %s, and the list is named', (kind, preset, own) => {
    expect(problemsOf(document(kind, { strategies: threshold(preset) }))).toEqual([
      expect.stringContaining(
        `spec.strategies[0].metric.preset: "${preset}" is no metric of ${kind} (one of: ${own}, requests-per-task, request-rate, error-rate, latency, queue-length)`,
      ),
    ]);
  });

  it('take no field that means nothing to them', () => {
    expect(
      problemsOf(document('rds-replicas', { strategies: threshold('cpu', ', queueName: jobs') })),
    ).toEqual([expect.stringContaining('queueName: means nothing to the preset cpu (remove it)')]);
  });
});

describe('the defaults of a kind', () => {
  it.each<[TargetKind, number, string]>([
    ['ecs-service', 900, 'whenAwake'],
    ['rds-replicas', 5400, 'everyMinute'],
    ['aurora-readers', 3600, 'whenAwake'],
    ['elasticache-replicas', 3600, 'whenAwake'],
    ['elasticache-shards', 10_800, 'whenAwake'],
    ['ecs-task-size', 1800, 'whenAwake'],
    ['rds-instance-class', 3600, 'whenAwake'],
    ['elasticache-node-type', 7200, 'whenAwake'],
  ])('%s settles within %i s and is evaluated %s', (kind, resizeTimeoutSeconds, evaluation) => {
    expect(policyOf(document(kind))).toMatchObject({ resizeTimeoutSeconds, evaluation });
  });

  it('give way to what the document says', () => {
    const text = document('rds-replicas', { resizeTimeoutSeconds: '600', evaluation: 'whenAwake' });
    expect(policyOf(text)).toMatchObject({ resizeTimeoutSeconds: 600, evaluation: 'whenAwake' });
  });

  it.each<[string, object]>([
    [
      TARGETS['rds-replicas'],
      {
        ...{ classes: [], zones: [], maxLagSeconds: 30, warmUp: null, endpoint: null },
        leaving: { connections: 0, drainSeconds: 300 },
      },
    ],
    [
      '{ kind: rds-replicas, source: orders, warmUp: { plan: hot }, endpoint: { route53: { hostedZoneId: Z0123456789, recordName: replicas.db.example.com } } }',
      {
        warmUp: { plan: 'hot', withinSeconds: 1800 },
        endpoint: {
          kind: 'route53',
          hostedZoneId: 'Z0123456789',
          recordName: 'replicas.db.example.com',
          ttlSeconds: 5,
        },
      },
    ],
    [
      '{ kind: rds-replicas, source: orders, endpoint: { targetGroup: { arn: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/db/0123456789abcdef" } } }',
      { endpoint: { kind: 'target-group', port: 5432 } },
    ],
    [TARGETS['aurora-readers'], { classes: [], zones: [], leaving: { connections: 0, drainSeconds: 300 } }],
    [TARGETS['elasticache-shards'], { maxMemoryPercent: 75 }],
    [
      '{ kind: rds-instance-class, instance: orders, ladder: [ db.r6g.large, db.r6g.xlarge ] }',
      { immediate: false },
    ],
  ])('fill in %s', (target, filled) => {
    const text = aDocument({
      ...{ target, bounds: BOUNDS, strategies: threshold('cpu') },
      ...(target.includes('ladder') && { schedule: MAINTENANCE }),
    });
    if (target.includes('warmUp')) {
      expect(problemsOf(text).filter((line) => !line.includes('hot'))).toEqual([]);
      return;
    }
    expect(policyOf(text).target).toMatchObject(filled);
  });
});

describe('bounds that a service never takes', () => {
  it.each<[TargetKind, string, string, string]>([
    ['rds-replicas', '{ min: 1, max: 16 }', 'max', '16 does not fit: rds-replicas takes 0 to 15'],
    ['aurora-readers', '{ min: 1, max: 16 }', 'max', '16 does not fit: aurora-readers takes 0 to 15'],
    [
      'elasticache-replicas',
      '{ min: 1, max: 6 }',
      'max',
      '6 does not fit: elasticache-replicas takes 0 to 5',
    ],
    [
      'elasticache-shards',
      '{ min: 1, max: 501 }',
      'max',
      '501 does not fit: elasticache-shards takes 1 to 500',
    ],
    ['elasticache-shards', '{ min: 0, max: 5 }', 'min', '0 does not fit: elasticache-shards takes 1 to 500'],
    ['ecs-task-size', '{ min: 1, max: 3 }', 'max', '3 does not fit: the ladder has places 1 to 2'],
    ['rds-instance-class', '{ min: 0, max: 2 }', 'min', '0 does not fit: the ladder has places 1 to 2'],
  ])('of %s: %s', (kind, bounds, key, message) => {
    expect(problemsOf(document(kind, { bounds }))).toContainEqual(
      expect.stringContaining(`spec.bounds.${key}: ${message} (choose a number inside)`),
    );
  });

  it.each<[TargetKind, string]>([
    ['rds-replicas', '{ min: 1, max: 15 }'],
    ['elasticache-replicas', '{ min: 1, max: 5 }'],
    ['elasticache-shards', '{ min: 1, max: 500 }'],
    ['ecs-service', '{ min: 1, max: 5000 }'],
  ])('do not end before its limit: %s takes %s', (kind, bounds) => {
    expect(problemsOf(document(kind, { bounds }))).toEqual([]);
  });
});

describe('a ladder', () => {
  it.each<[string, string]>([
    ['target-tracking', tracking],
    [
      'queue',
      '[ { type: queue, queueLength: { preset: queue-length, queueName: jobs }, backlogPerWorker: 10, scaleIn: { queueLength: 10 } } ]',
    ],
  ])('has no use for %s', (type, strategies) => {
    expect(problemsOf(document('rds-instance-class', { strategies }))).toContainEqual(
      expect.stringContaining(
        `spec.strategies[0].type: "${type}" divides a load by units, and a ladder has none (use threshold or step)`,
      ),
    );
  });

  it('names a rung once', () => {
    const target =
      '{ kind: ecs-task-size, cluster: prod, service: web, immediate: true, ladder: [ { cpu: 512, memoryMiB: 1024 }, { cpu: 1024, memoryMiB: 1024 }, { memoryMiB: 1024, cpu: 1024 } ] }';
    expect(onTarget(target)).toEqual([
      expect.stringContaining('spec.target.ladder[2]: stands at entry [1] already (keep one)'),
    ]);
  });

  it('of task sizes begins with the smallest', () => {
    const sizes = (ladder: string) =>
      onTarget(
        `{ kind: ecs-task-size, cluster: prod, service: web, immediate: true, ladder: [ ${ladder} ] }`,
      );
    expect(sizes('{ cpu: 1024, memoryMiB: 2048 }, { cpu: 512, memoryMiB: 2048 }')).toEqual([
      expect.stringContaining('spec.target.ladder[1]: is smaller than entry [0] (write the smallest first)'),
    ]);
    expect(sizes('{ cpu: 1024, memoryMiB: 2048 }, { cpu: 512, memoryMiB: 4096 }')).toEqual([]);
  });

  it.each<[string, string]>([
    ['[ db.r6g.large ]', 'ladder: has 1 entry (give at least 2'],
    [
      '[ db.r6g.large, cache.r7g.large ]',
      'ladder[1]: "cache.r7g.large" is not a class of a database instance',
    ],
  ])('is refused as %s', (ladder, message) => {
    expect(
      onTarget(`{ kind: rds-instance-class, instance: orders, immediate: true, ladder: ${ladder} }`),
    ).toContainEqual(expect.stringContaining(message));
  });

  it('that no window opens is never climbed', () => {
    const target = '{ kind: rds-instance-class, instance: orders, ladder: [ db.r6g.large, db.r6g.xlarge ] }';
    const never = expect.stringContaining(
      'spec.target.ladder: is never climbed (add a window with maintenance: true to the schedule, or write immediate: true)',
    );
    expect(onTarget(target)).toEqual([never]);
    expect(onTarget(target, { schedule: MAINTENANCE.replace('maintenance: true', 'min: 2') })).toEqual([
      never,
    ]);
    expect(onTarget(target, { schedule: MAINTENANCE })).toEqual([]);
  });

  it('is what maintenance is for: it means nothing to what counts units', () => {
    expect(problemsOf(document('rds-replicas', { schedule: MAINTENANCE }))).toEqual([
      expect.stringContaining(
        'spec.schedule.windows[0].maintenance: means nothing to rds-replicas, which counts units (remove it)',
      ),
    ]);
  });
});

describe('an endpoint of replicas', () => {
  const route53 = 'route53: { hostedZoneId: Z0123456789, recordName: replicas.db.example.com }';
  const targetGroup =
    'targetGroup: { arn: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/db/0123456789abcdef" }';
  const replicas = (endpoint: string) => `{ kind: rds-replicas, source: orders, endpoint: { ${endpoint} } }`;

  it.each([route53, targetGroup])('is one of two: %s', (endpoint) => {
    expect(onTarget(replicas(endpoint))).toEqual([]);
  });

  it('says something', () => {
    expect(onTarget(replicas(''))).toEqual([
      expect.stringContaining('spec.target.endpoint: says nothing (give route53 or targetGroup)'),
    ]);
  });

  it('says no more than one thing', () => {
    expect(onTarget(replicas(`${route53}, ${targetGroup}`))).toEqual([
      expect.stringContaining(
        'spec.target.endpoint.targetGroup: stands beside route53 (keep one of the two)',
      ),
    ]);
  });

  it('is looked after each minute', () => {
    expect(onTarget(replicas(route53), { evaluation: 'whenAwake' })).toEqual([
      expect.stringContaining(
        'spec.evaluation: replicas behind an endpoint are looked at each minute: one that falls behind must lose its traffic (remove it)',
      ),
    ]);
    expect(onTarget(replicas(route53), { evaluation: 'everyMinute' })).toEqual([]);
  });
});

describe('what no name can be', () => {
  it.each<[string, string]>([
    ['{ kind: rds-replicas, source: "arn:aws:rds:eu-central-1:123456789012:db:orders" }', 'source'],
    ['{ kind: rds-replicas, source: Orders }', 'source'],
    ['{ kind: aurora-readers, cluster: shop--eu }', 'cluster'],
    [
      '{ kind: elasticache-shards, replicationGroup: a-name-that-is-longer-than-forty-characters-is }',
      'replicationGroup',
    ],
    ['{ kind: rds-replicas, source: orders, classes: [ r6g.large ] }', 'classes[0]'],
    ['{ kind: rds-replicas, source: orders, zones: [ eu-central-1 ] }', 'zones[0]'],
    ['{ kind: elasticache-shards, replicationGroup: sessions, maxMemoryPercent: 96 }', 'maxMemoryPercent'],
    ['{ kind: rds-replicas, source: orders, maxLagSeconds: 0 }', 'maxLagSeconds'],
    ['{ kind: rds-replicas, source: orders, cluster: prod }', 'cluster'],
  ])('%s: %s', (target, place) => {
    expect(onTarget(target)).toContainEqual(expect.stringContaining(`spec.target.${place}: `));
  });

  it('names the kinds there are for one that is none', () => {
    const [line = ''] = onTarget('{ kind: rds-replica, source: orders }');
    expect(line).toContain('spec.target.kind: ');
    expect(line).toContain('rds-replicas');
  });
});
