import { describe, expect, it } from 'vitest';
import { parsePolicySet } from '../../shared/config/parse-policy-set.ts';
import { formatProblem } from '../../shared/config/problem.ts';
import { aDocument } from '../support/a-document.ts';

const guardrails = (spec: string) =>
  `apiVersion: plimsoll/v1\nkind: Guardrails\nmetadata: { name: all }\nspec: ${spec}\n`;
const quota = (hard: string, rest = '') =>
  `apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: q }\nspec:\n  hard: ${hard}\n${rest}`;
const set = (...texts: readonly string[]) =>
  parsePolicySet(texts.map((text, index) => ({ path: `p${index}.yaml`, text })));
const problems = (...texts: readonly string[]) => set(...texts).problems.map(formatProblem);
const unit = { unit: '{ cpu: 1, memory: 2Gi }' };

describe('limits over all targets', () => {
  it('reach every policy of the set', () => {
    const limits = guardrails(
      '{ changeBudget: { units: 20, within: 10m }, quota: { cpu: 20, memory: 40Gi } }',
    );
    const { policies, documents } = set(aDocument(unit), limits, aDocument({}, 'api'));
    const expected = {
      changeBudget: { units: 20, seconds: 600 },
      quota: { cpu: 20, memoryMiB: 40_960 },
    };
    expect(policies.map((policy) => policy.guardrails)).toEqual([expected, expected]);
    expect(documents.map(({ kind, name, summary }) => [kind, name, summary])).toEqual([
      ['ScalingPolicy', 'web', 'ecs-service/prod/web, 2..20, 2 alarms'],
      [
        'Guardrails',
        'all',
        'at most 20 units of change in 600 s, 20 vCPU, 40960 MiB, for 1 of 2 policies (those with a unit)',
      ],
      ['ScalingPolicy', 'api', 'ecs-service/prod/api, 2..20, 2 alarms'],
    ]);
  });

  it('may say one thing only', () => {
    const { policies } = set(aDocument(), guardrails('{ quota: { cpu: 500m } }'));
    expect(policies[0]?.guardrails).toEqual({ changeBudget: null, quota: { cpu: 0.5, memoryMiB: null } });
  });

  it('are none without a document', () => {
    expect(set(aDocument()).policies[0]?.guardrails).toEqual({ changeBudget: null, quota: null });
  });

  it('come from a ResourceQuota of Kubernetes too, which says what of it is not read', () => {
    const pasted = quota('{ requests.cpu: "20", requests.memory: 40Gi, limits.cpu: "40", pods: "9" }');
    const { policies, documents } = set(aDocument(unit), pasted);
    expect(policies[0]?.guardrails.quota).toEqual({ cpu: 20, memoryMiB: 40_960 });
    expect(documents[1]).toMatchObject({
      name: 'q',
      summary: '20 vCPU, 40960 MiB, for 1 of 1 policies (those with a unit), not read: limits.cpu, pods',
    });
    expect(set(aDocument(), quota('{ cpu: 3 }')).policies[0]?.guardrails.quota?.cpu).toBe(3);
  });

  it('come from both kinds of document when each says its own', () => {
    const budget = guardrails('{ changeBudget: { units: 5, within: 1h } }');
    expect(set(aDocument(), budget, quota('{ cpu: 9 }')).policies[0]?.guardrails).toEqual({
      changeBudget: { units: 5, seconds: 3600 },
      quota: { cpu: 9, memoryMiB: null },
    });
  });

  it.each([
    ['nothing', [guardrails('{}')], 'p0.yaml:4:1 spec: says nothing (give changeBudget or quota)'],
    [
      'an empty quota',
      [guardrails('{ quota: {} }')],
      'p0.yaml:4:9 spec.quota: says nothing (give cpu or memory)',
    ],
    [
      'a budget over two days',
      [guardrails('{ changeBudget: { units: 5, within: 2d } }')],
      'p0.yaml:4:43 spec.changeBudget.within: "2d" is more than a day (at most 1d)',
    ],
    [
      'a budget of nothing',
      [guardrails('{ changeBudget: { units: 0, within: 10m } }')],
      'p0.yaml:4:32 spec.changeBudget.units: 0 is too small (give at least 1)',
    ],
    [
      'a quota that is none',
      [guardrails('{ quota: { cpu: lots } }')],
      'p0.yaml:4:23 spec.quota.cpu: "lots" is not a quantity above 0 (write 2, 0.5 or "500m")',
    ],
    [
      'two documents',
      [guardrails('{ quota: { cpu: 2 } }'), guardrails('{ changeBudget: { units: 5, within: 10m } }')],
      'p1.yaml:2:7 kind: "Guardrails" stands in p0.yaml:2 already (keep one document for the whole set)',
    ],
    [
      'two quotas of Kubernetes',
      [quota('{ cpu: 2 }'), quota('{ memory: 2Gi }')],
      'p1.yaml:2:7 kind: "ResourceQuota" stands in p0.yaml:2 already (keep one document for the whole set)',
    ],
    [
      'quotas of both kinds',
      [guardrails('{ quota: { cpu: 2 } }'), quota('{ cpu: 2 }')],
      'p1.yaml:5:3 spec.hard: the quota is already given in p0.yaml:2 (keep one of the two)',
    ],
    [
      'limits alone',
      [quota('{ limits.cpu: "40" }')],
      'p0.yaml:5:3 spec.hard: limits neither requests.cpu nor requests.memory (give one; limits.* are not read)',
    ],
    [
      'scopes',
      [quota('{ cpu: 4 }', '  scopes: [ BestEffort ]\n')],
      'p0.yaml:6:3 spec.scopes: tasks have no such classes to limit apart (remove it)',
    ],
    [
      'less than the least sizes need',
      [aDocument({ bounds: '{ min: 5, max: 9 }', ...unit }), quota('{ cpu: 4, memory: 40Gi }')],
      'p1.yaml:5:3 spec.hard: the least sizes of the policies reserve 5 vCPU, more than the quota of 4 (raise the quota or lower a min)',
    ],
    [
      'an unknown field',
      [guardrails('{ changebudget: {} }')],
      'p0.yaml:4:9 spec.changebudget: unknown key (did you mean "changeBudget"?)',
    ],
  ])('are refused when they hold %s', (_, texts, expected) => {
    expect(problems(...texts)[0]).toBe(expected);
  });
});
