import { describe, expect, expectTypeOf, it } from 'vitest';
import { controllerEvent, toWire, type WireEvent } from '../../events/contracts/controller-events.ts';
import { envelope } from '../../events/contracts/envelope.ts';
import { type ControllerEvent, EVENT_TYPES } from '../../shared/core/controller-event.ts';
import type { ResizeCause } from '../../shared/core/decision.ts';
import { anEvent } from '../support/an-event.ts';
import { sample } from './samples.ts';

describe('a scaling event on the wire', () => {
  it('has the types and causes that the core knows, and no others', () => {
    expectTypeOf<WireEvent['type']>().toEqualTypeOf<ControllerEvent['type']>();
    expectTypeOf<WireEvent['cause']>().toEqualTypeOf<ResizeCause | null>();
    expectTypeOf<ControllerEvent>().toExtend<Parameters<typeof toWire>[0]>();
    expect(controllerEvent.shape.type.options).toEqual(EVENT_TYPES);
  });

  it('carries every field of the event, and fits its own schema', () => {
    const event = anEvent({ type: 'ScalingCompleted', owner: 'ada' });
    const { at, ...fields } = event;
    const wire = toWire(event);
    expect(wire).toMatchObject({ ...fields, timestamp: new Date(at).toISOString() });
    expect(controllerEvent.parse(JSON.parse(JSON.stringify(wire)))).toEqual(wire);
  });

  it.each(EVENT_TYPES)('of type %s says whether somebody should look', (type) => {
    const bad = ['ScalingFailed', 'TargetMissing', 'PromotionFailed', 'WarmFailed', 'PlanStopped'];
    expect(toWire(anEvent({ type }))).toMatchObject({
      type,
      success: !bad.includes(type),
      trigger: 'policy',
    });
  });

  it('fits the schema when nothing was resized', () => {
    const wire = toWire(
      anEvent({ type: 'TargetMissing', from: null, to: null, cause: null, resizeId: null, decisionId: null }),
    );
    expect(controllerEvent.safeParse(wire).success).toBe(true);
  });

  it.each([
    ['an unknown type', { type: 'ScalingPondered' }],
    ['a size in a string', { to: '5' }],
    ['a fraction of a task', { to: 1.5 }],
    ['a local time', { timestamp: '2026-11-21 10:00' }],
  ])('refuses %s', (_case, overrides) => {
    expect(controllerEvent.safeParse({ ...toWire(anEvent()), ...overrides }).success).toBe(false);
  });

  it('is the detail of the sample', () => {
    const event = sample('plimsoll.scaling-completed');
    expect(controllerEvent.parse(event['detail'])).toEqual(event['detail']);
  });
});

describe('an answer of the API', () => {
  it('is data or an error, as in the samples', () => {
    expect(envelope.parse(sample('plimsoll-api.event-page'))).toMatchObject({ success: true });
    expect(envelope.parse(sample('plimsoll-api.refusal'))).toMatchObject({ success: false });
  });

  it.each([
    [{ success: true, data: 1, error: { code: 'x', message: 'y' } }],
    [{ success: false, data: 1 }],
    [{ success: false, error: { code: '', message: 'y' } }],
    [{ data: 1 }],
  ])('is never %j', (answer) => {
    expect(envelope.safeParse(answer).success).toBe(false);
  });
});
