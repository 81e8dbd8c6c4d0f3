import { describe, expect, it, test } from 'vitest';
import { completeRules, hpaBehavior, withDefaults } from '../../../shared/core/hpa/complete-rules.ts';
import { perUnitRules } from '../../../shared/core/hpa/per-unit-rules.ts';
import { requestOf } from '../../../shared/core/hpa/unit-request.ts';
import { isStoppedAtZero, speaksAtZero } from '../../../shared/core/hpa/zero.ts';
import type { Strategy } from '../../../shared/core/strategy.ts';
import { aPolicy, aTargetTracking } from '../../support/a-policy.ts';
import { aState } from '../../support/a-state.ts';

describe('the rules of a behavior block', () => {
  it('complete field by field; own policies replace the list', () => {
    const policies = [{ type: 'Pods', value: 1, periodSeconds: 60 }] as const;
    expect(completeRules('scaleUp', { policies })).toEqual({
      stabilizationWindowSeconds: 0,
      policies,
      selectPolicy: 'Max',
    });
    expect(completeRules('scaleDown', { selectPolicy: 'Min', stabilizationWindowSeconds: 0 })).toEqual({
      stabilizationWindowSeconds: 0,
      policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
      selectPolicy: 'Min',
    });
  });

  it('leave the window of a scale-down to the controller', () => {
    expect(withDefaults('scaleDown', {}).stabilizationWindowSeconds).toBeNull();
    expect(completeRules('scaleDown').stabilizationWindowSeconds).toBe(300);
    expect(completeRules('scaleDown', {}, 60).stabilizationWindowSeconds).toBe(60);
  });

  it('are another algorithm than none', () => {
    expect(hpaBehavior(null)).toEqual({ kind: 'implicit', downscaleStabilizationSeconds: 300 });
    expect(hpaBehavior({}, 60)).toMatchObject({
      kind: 'rules',
      scaleUp: { stabilizationWindowSeconds: 0 },
      scaleDown: { stabilizationWindowSeconds: 60 },
    });
  });
});

describe('single units are scored', () => {
  const { metric } = aTargetTracking();
  const query = { ...metric.query, kind: 'stat', name: 'MemoryUtilization' } as typeof metric.query;

  test.each([
    { why: 'in percents where the metric is one', of: {}, kind: 'utilization', gates: true },
    {
      why: 'by their mean otherwise',
      of: { metric: { ...metric, unit: '' } },
      kind: 'averageValue',
      gates: true,
    },
    { why: 'by their share of a total', of: { scope: 'total' as const }, kind: 'averageValue', gates: true },
    {
      why: 'whether ready or not but for CPU',
      of: { metric: { ...metric, query } },
      kind: 'utilization',
      gates: false,
    },
    {
      why: 'whether ready or not where nobody knows what is measured',
      of: { metric: { ...metric, query: { kind: 'expression' as const, expression: 'a', metrics: {} } } },
      kind: 'utilization',
      gates: false,
    },
  ])('$why', ({ of, kind, gates }) => {
    expect(perUnitRules(aTargetTracking(of))).toEqual({
      kind,
      gatesOnReadiness: gates,
      initializationSeconds: 300,
      readinessDelaySeconds: 30,
    });
  });

  it('by the rules of their strategy where it has some', () => {
    const perUnit = {
      kind: 'value',
      gatesOnReadiness: false,
      initializationSeconds: 1,
      readinessDelaySeconds: 2,
    } as const;
    expect(perUnitRules(aTargetTracking({ perUnit }))).toBe(perUnit);
  });
});

describe('a size of zero', () => {
  const total = aTargetTracking({ scope: 'total' });
  const cpu = aTargetTracking();
  const schedule = { windows: [], holidays: [], overlap: 'highest' } as const;

  test.each([
    { why: 'that somebody set stays', own: false, min: 0, of: { strategies: [total] }, stays: true },
    { why: 'even below the minimum', own: false, min: 2, of: { strategies: [total] }, stays: true },
    {
      why: 'of its own is left where a total can be read',
      own: true,
      min: 0,
      of: { strategies: [total] },
      stays: false,
    },
    {
      why: 'of its own stays where only means are read',
      own: true,
      min: 0,
      of: { strategies: [cpu] },
      stays: true,
    },
    {
      why: 'of its own is left where the minimum was raised',
      own: true,
      min: 1,
      of: { strategies: [cpu] },
      stays: false,
    },
    {
      why: 'of its own is left by a schedule',
      own: true,
      min: 0,
      of: { strategies: [cpu], schedule },
      stays: false,
    },
    {
      why: 'means nothing to own policies',
      own: false,
      min: 2,
      of: { atZero: 'resume' as const },
      stays: false,
    },
  ])('$why', ({ own, min, of, stays }) => {
    const policy = aPolicy({ atZero: 'kubernetes', ...of });
    expect(isStoppedAtZero(policy, aState({ scaledToZero: own }), 0, min)).toBe(stays);
    expect(isStoppedAtZero(policy, aState({ scaledToZero: own }), 1, min)).toBe(false);
  });

  const { metric } = cpu;
  const step = {
    kind: 'step',
    metric,
    scope: 'independent',
    adjustmentType: 'ChangeInCapacity',
    minAdjustmentMagnitude: null,
    out: { threshold: 1, steps: [] },
    in: null,
    alarms: { out: null, in: null },
  } as const;
  const perUnit = {
    kind: 'value',
    gatesOnReadiness: false,
    initializationSeconds: 0,
    readinessDelaySeconds: 0,
  } as const;

  test.each<{ strategy: Strategy; speaks: boolean; why: string }>([
    { why: 'a mean', strategy: cpu, speaks: false },
    { why: 'a total', strategy: total, speaks: true },
    { why: 'a value for all', strategy: { ...cpu, perUnit }, speaks: true },
    { why: 'a step on what does not follow the size', strategy: step, speaks: true },
    { why: 'a step on a mean', strategy: { ...step, scope: 'average' }, speaks: false },
    { why: 'a step that only cuts', strategy: { ...step, out: null }, speaks: false },
    { why: 'a threshold', strategy: { ...step, kind: 'threshold', out: null }, speaks: false },
    {
      why: 'a queue',
      strategy: {
        kind: 'queue',
        metric,
        backlogPerWorker: { kind: 'fixed', messages: 1 },
        memory: null,
        in: { queueLength: 0, idleSeconds: 0 },
        activation: 0,
        alarms: { out: null, in: null },
      },
      speaks: true,
    },
    {
      why: 'a formula',
      strategy: {
        kind: 'expression',
        id: 'formula',
        label: 'Formula',
        metrics: [],
        source: '1',
        formula: { op: 'number', value: 1 },
      },
      speaks: true,
    },
  ])('$why speaks of no unit: $speaks', ({ strategy, speaks }) => {
    expect(speaksAtZero(strategy)).toBe(speaks);
  });
});

describe('what a unit has in all', () => {
  const containers = [
    { name: 'app', request: 100n },
    { name: 'proxy', request: 50n },
  ];
  const initContainers = [
    { name: 'setup', request: null, restartable: false },
    { name: 'sidecar', request: 20n, restartable: true },
  ];
  const unit = { containers, initContainers, whole: null };

  it('is the sum of what runs', () => {
    expect(requestOf(unit, null)).toBe(170n);
  });

  it('is what the unit says as a whole, unless one container is asked for', () => {
    expect(requestOf({ ...unit, whole: 800n }, null)).toBe(800n);
    expect(requestOf({ ...unit, whole: 800n }, 'app')).toBe(100n);
    expect(requestOf(unit, 'sidecar')).toBe(20n);
  });

  it('is unknown where one does not say, and an error where there is no such container', () => {
    const silent = [{ name: 'app', request: null }, ...containers.slice(1)];
    expect(requestOf({ ...unit, containers: silent }, null)).toBe('missingRequest');
    expect(requestOf({ ...unit, containers: silent }, 'proxy')).toBe(50n);
    expect(requestOf(unit, 'setup')).toBe('containerNotFound');
  });
});
