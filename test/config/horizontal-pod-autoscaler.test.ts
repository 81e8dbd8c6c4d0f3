import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePolicySet } from '../../shared/config/parse-policy-set.ts';
import { formatProblem } from '../../shared/config/problem.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { aManifest, policyOf, problemsOf } from '../support/a-document.ts';
import { aPolicy, aTargetTracking, trackingOf } from '../support/a-policy.ts';

const example = (name: string) =>
  readFileSync(new URL(`../../policies/examples/hpa/${name}`, import.meta.url), 'utf8');
const cpu = 'type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 60 } }';
const external = (name: string, target: string) =>
  `type: External, external: { metric: { name: ${name} }, target: { ${target} } }`;
const bound = (options: string) =>
  `apiVersion: plimsoll/v1\nkind: Bindings\nspec:\n  horizontalPodAutoscalers:\n    shop: ${options}\n`;
const NONE = '{}';

const seeded = (service: string, name: string, rest: Partial<Policy>): Policy => {
  const stat = (metric: string) =>
    ({
      kind: 'stat',
      namespace: 'AWS/ECS',
      name: metric,
      dimensions: { ClusterName: 'prod', ServiceName: service },
      stat: 'Average',
    }) as const;
  const alarms = { out: { datapoints: 1, of: 1 }, in: { datapoints: 1, of: 1 } };
  const { metric } = aTargetTracking();
  const memory = { ...metric, id: 'memory', label: 'memory', query: stat('MemoryUtilization') };
  return {
    ...aPolicy({
      name,
      target: { kind: 'ecs-service', cluster: 'prod', service },
      strategies: [
        aTargetTracking({ alarms, metric: { ...metric, query: stat('CPUUtilization') } }),
        aTargetTracking({ alarms, metric: memory, target: 80 }),
      ],
      cooldownSeconds: { out: 0, in: 0 },
      atZero: 'kubernetes',
      receiptsOfHolds: 0.01,
    }),
    ...rest,
  };
};

describe('the two manifests that came with the first applications', () => {
  const load = (name: string) => policyOf(example(name), { 'bindings.yaml': example('bindings.yaml') });
  const { problems } = parsePolicySet(
    ['agency-toolkit.yaml', 'agent360.yaml', 'bindings.yaml'].map((path) => ({ path, text: example(path) })),
  );

  it('load as they stand, with their AWS side in bindings beside them', () => {
    expect(problems).toEqual([]);
  });

  it('agency-toolkit becomes exactly this policy', () => {
    const text = { 'bindings.yaml': example('bindings.yaml').replace(/\n {4}agent360:[\s\S]*$/, '\n') };
    expect(policyOf(example('agency-toolkit.yaml'), text)).toEqual(
      seeded('agency-toolkit', 'agency-toolkit-hpa', {
        bounds: { min: 2, max: 10 },
        behavior: {
          kind: 'rules',
          scaleUp: {
            stabilizationWindowSeconds: 0,
            policies: [
              { type: 'Percent', value: 100, periodSeconds: 15 },
              { type: 'Pods', value: 4, periodSeconds: 60 },
            ],
            selectPolicy: 'Max',
          },
          scaleDown: {
            stabilizationWindowSeconds: 300,
            policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }],
            selectPolicy: 'Max',
          },
        },
      }),
    );
  });

  it('agent360 becomes exactly this policy', () => {
    const bindings = example('bindings.yaml').replace(/ {4}agency-toolkit-hpa:\n.*\n/, '');
    expect(policyOf(example('agent360.yaml'), { 'bindings.yaml': bindings })).toEqual(
      seeded('agent360', 'agent360', {
        bounds: { min: 3, max: 10 },
        cooldownSeconds: { out: 0, in: 120 },
        unitResources: { cpu: 1, memoryMiB: 2048 },
        behavior: {
          kind: 'rules',
          scaleUp: {
            stabilizationWindowSeconds: 60,
            policies: [{ type: 'Pods', value: 2, periodSeconds: 60 }],
            selectPolicy: 'Max',
          },
          scaleDown: {
            stabilizationWindowSeconds: 300,
            policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
            selectPolicy: 'Max',
          },
        },
      }),
    );
  });

  it('complain when nothing binds them', () => {
    expect(problemsOf(example('agent360.yaml'))).toEqual([
      'p.yaml:5:3 metadata.annotations: no AWS target (add the annotations plimsoll.io/ecs-cluster and plimsoll.io/ecs-service, or bind "agent360" in a bindings.yaml beside this file)',
    ]);
  });

  it('complain about a binding without its manifest', () => {
    expect(() => load('agent360.yaml')).toThrow(
      'bindings.yaml:8:5 spec.horizontalPodAutoscalers.agency-toolkit-hpa: no HorizontalPodAutoscaler "agency-toolkit-hpa" in this folder',
    );
  });
});

describe('a HorizontalPodAutoscaler', () => {
  it('has the defaults of Kubernetes: 1 replica, cpu 80 %, and the implicit behavior', () => {
    const policy = policyOf(aManifest());
    expect(policy).toMatchObject({
      bounds: { min: 1, max: 10 },
      behavior: { kind: 'implicit', downscaleStabilizationSeconds: 300 },
      cooldownSeconds: { out: 0, in: 0 },
      strategies: [{ target: 80, metric: { id: 'cpu' }, tolerance: { out: 0.1, in: 0.1 } }],
    });
  });

  it('takes a field without a value for an absent one, as Kubernetes does', () => {
    expect(policyOf(aManifest({ minReplicas: '', metrics: 'null', behavior: '' }))).toEqual(
      policyOf(aManifest()),
    );
  });

  it('takes an empty behavior for rules with their defaults', () => {
    expect(policyOf(aManifest({ behavior: '{}' })).behavior).toEqual({
      kind: 'rules',
      scaleUp: {
        stabilizationWindowSeconds: 0,
        policies: [
          { type: 'Pods', value: 4, periodSeconds: 15 },
          { type: 'Percent', value: 100, periodSeconds: 15 },
        ],
        selectPolicy: 'Max',
      },
      scaleDown: {
        stabilizationWindowSeconds: 300,
        policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
        selectPolicy: 'Max',
      },
    });
  });

  it.each([
    ['"0.05"', '"50m"'],
    ['0.05', '50e-3'],
  ])('reads a tolerance per direction as a quantity: up %s, down %s', (up, down) => {
    const behavior = `{ scaleUp: { tolerance: ${up} }, scaleDown: { tolerance: ${down} } }`;
    expect(trackingOf(policyOf(aManifest({ behavior }))).tolerance).toEqual({ out: 0.05, in: 0.05 });
    expect(
      trackingOf(policyOf(aManifest({ behavior: `{ scaleUp: { tolerance: ${up} } }` }))).tolerance,
    ).toEqual({
      out: 0.05,
      in: 0.1,
    });
  });

  it('accepts what kubectl prints around it', () => {
    const printed = aManifest()
      .replace(
        'name: shop,',
        'name: shop, namespace: x, uid: a-b, creationTimestamp: "2026-01-01T00:00:00Z", labels: { a: b },',
      )
      .concat('status: { currentReplicas: 1, conditions: [] }\n');
    expect(policyOf(printed)).toEqual(policyOf(aManifest()));
  });

  it('measures External metrics where bindings say which CloudWatch metric they are', () => {
    const metrics = `[ { ${external('"queue|depth"', 'type: AverageValue, averageValue: "1500m"')} } ]`;
    const options =
      '{ metrics: { "queue|depth": { namespace: AWS/SQS, name: Depth, stat: Maximum } }, missingData: { fallback: { size: 4 } }, alarms: { out: { datapoints: 2 } } }';
    const policy = policyOf(aManifest({ metrics, minReplicas: '0' }), { 'bindings.yaml': bound(options) });
    expect(policy).toMatchObject({
      bounds: { min: 0 },
      fallback: { size: 4, afterMisses: 5 },
      strategies: [
        {
          target: 1.5,
          scope: 'total',
          metric: { id: 'queue_depth', label: 'Depth', query: { namespace: 'AWS/SQS', name: 'Depth' } },
          alarms: { out: { datapoints: 2, of: 2 }, in: null },
        },
      ],
    });
  });

  it('measures Object and Pods metrics that an annotation names', () => {
    const annotations =
      '{ plimsoll.io/ecs-cluster: prod, plimsoll.io/ecs-service: shop, plimsoll.io/metric.rps: \'{"namespace": "N", "name": "A"}\', plimsoll.io/metric.lag: "{namespace: N, name: B}" }';
    const metrics =
      '[ { type: Pods, pods: { metric: { name: rps }, target: { type: AverageValue, averageValue: 1k } } }, { type: Object, object: { metric: { name: lag }, describedObject: { kind: Service, name: s }, target: { type: Value, value: 2 } } } ]';
    expect(policyOf(aManifest({ metrics }, annotations)).strategies).toMatchObject([
      { target: 1000, scope: 'average', metric: { id: 'rps' } },
      { target: 2, scope: 'average', metric: { id: 'lag' } },
    ]);
  });

  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'an older version',
      aManifest().replace('autoscaling/v2', 'autoscaling/v2beta2'),
      [
        'p.yaml:1:13 apiVersion: "autoscaling/v2beta2" describes metrics in another way than autoscaling/v2 (write it as autoscaling/v2: kubectl get hpa.v2.autoscaling NAME -o yaml)',
      ],
    ],
    [
      'a metric per container',
      aManifest({
        metrics: '[ { type: ContainerResource, containerResource: { name: cpu, container: app } } ]',
      }),
      [
        'p.yaml:7:22 spec.metrics[0].type: ECS publishes no metric per container (use type: Resource, or an External metric bound to one of Container Insights)',
      ],
    ],
    [
      'cpu in cores',
      aManifest({
        metrics:
          '[ { type: Resource, resource: { name: cpu, target: { type: AverageValue, averageValue: 500m } } } ]',
      }),
      [
        'p.yaml:7:63 spec.metrics[0].resource.target: ECS publishes cpu in percent of what the tasks reserve only (write type: Utilization and averageUtilization, or use an External metric)',
      ],
    ],
    [
      'an External metric that nothing names',
      aManifest({ metrics: `[ { ${external('queue', 'type: Value, value: 3')} } ]` }),
      [
        'p.yaml:7:60 spec.metrics[0].external.metric.name: nothing says which CloudWatch metric "queue" is (name it under metrics in the bindings, or in the annotation plimsoll.io/metric.NAME)',
      ],
    ],
    [
      'one metric twice',
      aManifest({ metrics: `[ { ${cpu} }, { ${cpu} } ]` }),
      [
        'p.yaml:7:114 spec.metrics[1]: the metric id "cpu" is taken by entry [0] (keep one, or give it an id in the bindings)',
      ],
    ],
    [
      'a minimum of 0 on cpu',
      aManifest({ minReplicas: '0' }),
      [
        'p.yaml:7:16 spec.minReplicas: 0 tasks have no mean that could ask for the first one (set minReplicas to 1, or add an Object or External metric with averageValue)',
      ],
    ],
    [
      'more at least than at most',
      aManifest({ minReplicas: '11' }),
      [
        'p.yaml:7:16 spec.minReplicas: 11 is more than maxReplicas 10 (lower minReplicas or raise maxReplicas)',
      ],
    ],
    [
      'a tolerance that is no quantity',
      aManifest({ behavior: '{ scaleUp: { tolerance: 5% } }' }),
      [
        'p.yaml:7:37 spec.behavior.scaleUp.tolerance: "5%" is not a quantity of 0 or more (write "0.05" or "50m")',
      ],
    ],
    [
      'a window longer than an hour',
      aManifest({ behavior: '{ scaleDown: { stabilizationWindowSeconds: 3601 } }' }),
      [
        'p.yaml:7:56 spec.behavior.scaleDown.stabilizationWindowSeconds: 3601 is too large (give at most 3600)',
      ],
    ],
    [
      'an unknown annotation of ours',
      aManifest(
        {},
        '{ plimsoll.io/ecs-cluster: prod, plimsoll.io/ecs-service: shop, plimsoll.io/ecs-servcie: shop }',
      ),
      [
        'p.yaml:3:102 metadata.annotations["plimsoll.io/ecs-servcie"]: unknown annotation (did you mean "plimsoll.io/ecs-service"?)',
      ],
    ],
    [
      'half a target',
      aManifest({}, '{ plimsoll.io/ecs-cluster: prod }'),
      [
        'p.yaml:3:38 metadata.annotations["plimsoll.io/ecs-service"]: is missing (give the name of the ECS service)',
      ],
    ],
    [
      'a metric annotation with a mistake',
      aManifest(
        { metrics: `[ { ${external('q', 'type: Value, value: 3')} } ]` },
        '{ plimsoll.io/ecs-cluster: prod, plimsoll.io/ecs-service: shop, plimsoll.io/metric.q: "{namespace: N, nam: B}" }',
      ),
      [
        'p.yaml:3:124 metadata.annotations["plimsoll.io/metric.q"]: name: is missing (give a string)',
        'p.yaml:3:124 metadata.annotations["plimsoll.io/metric.q"]: nam: unknown key (did you mean "name"?)',
      ],
    ],
  ];

  it.each(cases)('is refused with %s', (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it('has its problems with bindings reported in the bindings', () => {
    const text = (options: string) => bound(options);
    const problems = (options: string, manifest = aManifest({}, NONE)) =>
      parsePolicySet([
        { path: 'a/p.yaml', text: manifest },
        { path: 'a/bindings.yaml', text: text(options) },
      ]).problems.map(formatProblem);
    const target = 'target: { kind: ecs-service, cluster: prod, service: shop }';
    expect(problems(`{ ${target} }`)).toEqual([]);
    expect(problems(`{ ${target} }`, aManifest())).toEqual([
      'a/bindings.yaml:5:21 spec.horizontalPodAutoscalers.shop.target: the annotations of the manifest name a target too (keep one of the two)',
    ]);
    expect(problems(`{ ${target}, missingData: { fallback: { size: 11 } } }`)).toEqual([
      'a/bindings.yaml:5:107 spec.horizontalPodAutoscalers.shop.missingData.fallback.size: 11 is outside the bounds 1..10 (choose a size inside them)',
    ]);
    // A broken binding is told once; its manifest does not complain of a target that is missing for that reason.
    expect(problems('{ target: { kind: ecs-service, cluster: prod } }')).toEqual([
      'a/bindings.yaml:5:21 spec.horizontalPodAutoscalers.shop.target.service: is missing (give a string)',
    ]);
  });

  it('is not reached by bindings of another folder', () => {
    const { problems } = parsePolicySet([
      { path: 'a/p.yaml', text: aManifest({}, NONE) },
      { path: 'b/bindings.yaml', text: bound('{ target: { kind: ecs-service, cluster: c, service: s } }') },
    ]);
    expect(problems.map(({ file, message }) => `${file} ${message.slice(0, 26)}`)).toEqual([
      'a/p.yaml no AWS target (add the ann',
      'b/bindings.yaml no HorizontalPodAutoscaler',
    ]);
  });
});
