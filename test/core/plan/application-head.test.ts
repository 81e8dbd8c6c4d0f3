import { describe, expect, it } from 'vitest';
import {
  applicationEntry,
  openSteps,
  withStatus,
  withStep,
} from '../../../shared/core/plan/application-head.ts';
import type { PlanStep } from '../../../shared/core/plan/plan-record.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import { aResize, aState, aTargetId } from '../../support/a-state.ts';
import { NOW } from '../../support/now.ts';
import { SHOP } from '../../support/three-tiers.ts';

const target = aTargetId();
const step = (secondsAgo = 0, to = 6): PlanStep => ({
  at: plusSeconds(NOW, -secondsAgo),
  target,
  from: 4,
  to,
  cause: 'policy',
});
const blank = applicationEntry(SHOP, undefined);

describe('the head of an application', () => {
  it('is blank before it was ever written, and itself afterwards', () => {
    expect(blank).toMatchObject({ target: 'application/shop', version: 0 });
    expect(applicationEntry(SHOP, { ...blank, version: 7 }).version).toBe(7);
  });

  it('counts a step until the head of its target shows one, for two minutes at most', () => {
    const { plan } = withStep(blank.state, step(60), 'It begins.');
    expect(openSteps(undefined, target, null, NOW)).toEqual([]);
    expect(openSteps(plan, target, null, NOW)).toHaveLength(1);
    expect(openSteps(plan, aTargetId('other'), null, NOW)).toEqual([]);
    expect(openSteps(plan, target, aState(), NOW)).toHaveLength(1);
    expect(
      openSteps(plan, target, aState({ resize: aResize({ startedAt: plusSeconds(NOW, -60) }) }), NOW),
    ).toEqual([]);
    expect(openSteps(plan, target, aState({ lastOut: { at: NOW, from: 4, to: 6 } }), NOW)).toEqual([]);
    expect(openSteps(plan, target, null, plusSeconds(NOW, 60))).toEqual([]);
  });

  it('keeps its standing while it is under way, and begins anew when it is done', () => {
    const running = withStep(blank.state, step(300), 'It begins.');
    expect(running.plan).toMatchObject({ status: 'running', why: 'It begins.' });
    expect(running.wakeAt).toBe(plusSeconds(NOW, -300));
    const stopped = withStatus(running, { status: 'stopped', why: 'It failed.' }, NOW);
    expect(withStep(stopped, step(), 'Again.').plan).toMatchObject({ status: 'stopped', why: 'It failed.' });
    const done = withStatus(stopped, { status: 'done', why: 'All is well.' }, NOW);
    expect(done.wakeAt).toBeNull();
    expect(withStep(done, step(), 'Again.').plan).toMatchObject({ status: 'running', why: 'Again.' });
    expect(withStatus(blank.state, { status: 'done', why: '' }, NOW).plan?.steps).toEqual([]);
  });

  it('keeps every step that counts and a few to show', () => {
    let { state } = blank;
    for (let turn = 0; turn < 60; turn += 1)
      state = withStep(state, step(600 - turn, turn + 5), 'It begins.');
    expect(state.plan?.steps.length).toBe(60);
    const later = withStep(state, step(), 'It begins.');
    expect(later.plan?.steps).toHaveLength(21);
  });
});
