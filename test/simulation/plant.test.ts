import { describe, expect, it } from 'vitest';
import type { Policy } from '../../shared/core/policy.ts';
import { type Instant, instant, plusSeconds } from '../../shared/core/time.ts';
import { createPlant, type Plant } from '../../shared/simulation/plant.ts';
import type { PlantEvent } from '../../shared/simulation/plant-event.ts';
import type { PlantOptions } from '../../shared/simulation/plant-views.ts';
import { constantWorkload, type Workload } from '../../shared/simulation/workload.ts';
import { aPolicy, trackingOf } from '../support/a-policy.ts';
import { fc } from '../support/fast-check.ts';
import { clockTime } from '../support/now.ts';

const START = clockTime('10:00:00');
const HOUR = plusSeconds(START, 3600);
const later = (seconds: number): Instant => plusSeconds(START, seconds);

/** A unit carries 100 at target: 500 needs five of them. */
const aPlant = (options: Partial<PlantOptions> = {}): Plant =>
  createPlant({
    policies: [aPolicy()],
    workload: constantWorkload(500, START, HOUR),
    seed: 7,
    start: START,
    unitCapacity: 100,
    ...options,
  });

const web = (plant: Plant) => {
  const [view] = plant.describeServices('prod', ['web']);
  if (view === undefined || view === null) throw new Error('no service web');
  return view;
};

const names = (events: readonly PlantEvent[]): readonly unknown[] =>
  events.filter(({ source }) => source === 'aws.ecs').map(({ detail }) => detail['eventName']);

const another = (name: string): Policy =>
  aPolicy({ name, target: { kind: 'ecs-service', cluster: 'prod', service: name } });

describe('a service of the simulated account', () => {
  it.each([
    [500, 5],
    [501, 6],
    [0, 2],
    [99_999, 20],
  ])('starts, under a load of %i, in a steady state at %i tasks', (load, tasks) => {
    const view = web(aPlant({ workload: constantWorkload(load, START, HOUR) }));
    expect(view).toMatchObject({ desired: tasks, running: tasks, pending: 0, status: 'ACTIVE' });
    expect(view.deployments).toMatchObject([
      { status: 'PRIMARY', rolloutState: 'COMPLETED', desired: tasks },
    ]);
  });

  it('has by default units of which 80 % of the maximum carry the 99.9th percentile of the load', () => {
    const workload: Workload = { ...constantWorkload(300, START, HOUR), percentile: (share) => share * 1600 };
    const plant = createPlant({ policies: [aPolicy()], workload, seed: 1, start: START });
    expect(plant.targets()[0]?.unit.atTarget).toBeCloseTo((0.999 * 1600) / 16);
    expect(web(plant).desired).toBe(4);
  });

  it('starts tasks after 30 to 90 seconds, whatever the seed', () =>
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 6, max: 20 }), (seed, desired) => {
        const plant = aPlant({ seed });
        plant.updateService('prod', 'web', { desired: desired });
        expect(web(plant)).toMatchObject({ desired, running: 5, pending: desired - 5 });
        plant.advanceTo(later(29));
        expect(web(plant)).toMatchObject({ running: 5, pending: desired - 5 });
        plant.advanceTo(later(90));
        expect(web(plant)).toMatchObject({ running: desired, pending: 0 });
      }),
      { numRuns: 50 },
    ));

  it('starts its tasks one by one', () => {
    const plant = aPlant();
    plant.updateService('prod', 'web', { desired: 20 });
    const seen = new Set<number>();
    for (let second = 30; second <= 90; second += 1) {
      plant.advanceTo(later(second));
      const { running, pending } = web(plant);
      expect(running + pending).toBe(20);
      seen.add(running);
    }
    expect(seen.size).toBeGreaterThan(5);
  });

  it('stops tasks at once, those first that do not run yet', () => {
    const plant = aPlant();
    plant.updateService('prod', 'web', { desired: 9 });
    plant.updateService('prod', 'web', { desired: 7 });
    expect(web(plant)).toMatchObject({ desired: 7, running: 5, pending: 2 });
    plant.updateService('prod', 'web', { desired: 3 });
    expect(web(plant)).toMatchObject({ desired: 3, running: 3, pending: 0 });
  });

  it('reports its steady state once after a change, and nothing before or without one', () => {
    const plant = aPlant();
    expect(names(plant.advanceTo(later(120)))).toEqual([]);
    plant.updateService('prod', 'web', { desired: 8 });
    expect(names(plant.advanceTo(later(149)))).toEqual([]);
    const events = plant.advanceTo(later(400)).filter(({ source }) => source === 'aws.ecs');
    expect(events).toMatchObject([
      {
        version: '0',
        'detail-type': 'ECS Service Action',
        account: '123456789012',
        region: 'us-east-1',
        resources: ['arn:aws:ecs:us-east-1:123456789012:service/prod/web'],
        detail: {
          eventType: 'INFO',
          eventName: 'SERVICE_STEADY_STATE',
          clusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/prod',
        },
      },
    ]);
    plant.updateService('prod', 'web', { desired: 8 });
    expect(names(plant.advanceTo(later(600)))).toEqual([]);
  });

  it('says whether a resize was possible', () => {
    const plant = aPlant();
    expect(plant.updateService('prod', 'nobody', { desired: 3 })).toBe('no-such-service');
    expect(plant.updateService('prod', 'web', { desired: 3 })).toBe('updated');
    plant.deleteService('prod', 'web');
    expect(plant.updateService('prod', 'web', { desired: 3 })).toBe('inactive');
    expect(web(plant)).toMatchObject({ status: 'INACTIVE', desired: 0, running: 0 });
    expect(plant.listServices('prod')).toEqual([]);
  });

  it('is not there any more when it is gone', () => {
    const plant = aPlant();
    plant.deleteService('prod', 'web', 'gone');
    expect(plant.describeServices('prod', ['web'])).toEqual([null]);
    expect(() => plant.setDesiredBehindTheBack('prod', 'web', 3)).toThrow(/no service web in cluster prod/);
  });

  it('shows a deployment while it lasts', () => {
    const plant = aPlant();
    plant.beginDeployment('prod', 'web', 120);
    expect(web(plant).deployments).toMatchObject([
      { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' },
      { status: 'ACTIVE', rolloutState: 'COMPLETED' },
    ]);
    expect(names(plant.advanceTo(later(119)))).toEqual(['SERVICE_DEPLOYMENT_IN_PROGRESS']);
    expect(names(plant.advanceTo(later(120)))).toEqual(['SERVICE_DEPLOYMENT_COMPLETED']);
    expect(web(plant).deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED' }]);
  });

  it('runs old and new tasks side by side while a deployment rolls, and the old ones stop at its end', () => {
    const plant = aPlant();
    const { desired } = web(plant);
    plant.beginDeployment('prod', 'web', 300);
    plant.advanceTo(later(91));
    expect(web(plant)).toMatchObject({ desired, running: 2 * desired, pending: 0 });
    expect(web(plant).deployments).toMatchObject([
      { status: 'PRIMARY', desired, running: desired },
      { status: 'ACTIVE', running: desired },
    ]);
    plant.advanceTo(later(300));
    expect(web(plant)).toMatchObject({ desired, running: desired });
  });

  it('never has fewer tasks than asked for while deployments follow each other and sizes change, nor more than twice as many', () => {
    const plant = aPlant();
    let least = Math.min(web(plant).running, 3);
    plant.beginDeployment('prod', 'web', 120);
    for (let second = 1; second <= 900; second += 1) {
      if (second === 60) plant.beginDeployment('prod', 'web', 120);
      if (second === 100) plant.updateService('prod', 'web', { desired: 9 });
      if (second === 130) plant.updateService('prod', 'web', { desired: 3 });
      plant.advanceTo(later(second));
      const { desired, running, pending } = web(plant);
      expect(running + pending).toBeLessThanOrEqual(2 * Math.max(desired, least));
      expect(running).toBeGreaterThanOrEqual(least);
      least = Math.min(desired, 3);
    }
    expect(web(plant)).toMatchObject({ desired: 3, running: 3, pending: 0 });
    expect(web(plant).deployments).toHaveLength(1);
  });
});

describe('the metrics of the account', () => {
  const query = trackingOf(aPolicy()).metric.query;
  const read = (plant: Plant, from: number, to: number, period = 60) =>
    plant.getMetricDatapoints(query, later(from), later(to), period);

  it('can be read a few seconds after the end of their minute, and not before', () => {
    const plant = aPlant();
    plant.advanceTo(later(64));
    expect(read(plant, 0, 600)).toEqual([]);
    plant.advanceTo(later(65));
    expect(read(plant, 0, 600)).toEqual([{ at: START, value: 70 }]);
  });

  it('are means over the minute, tasks that start within it included', () => {
    const plant = aPlant();
    plant.updateService('prod', 'web', { desired: 10 });
    plant.advanceTo(later(185));
    const values = read(plant, 0, 180).map(({ value }) => value);
    expect(values[0]).toBeGreaterThan(35);
    expect(values[0]).toBeLessThan(70);
    expect(values[2]).toBe(35);
  });

  it('answer for longer periods with the mean of the minutes', () => {
    const plant = aPlant();
    plant.advanceTo(later(305));
    plant.updateService('prod', 'web', { desired: 5 });
    expect(read(plant, 0, 300, 300)).toEqual([{ at: START, value: 70 }]);
  });

  it('stood still before the account began, for a day', () => {
    const plant = aPlant();
    expect(read(plant, -120, 0)).toEqual([{ at: later(-120), value: 70 }]);
    expect(read(plant, -90_000, -86_400)).toEqual([]);
  });

  it('are missing when nothing runs, and when they are stopped', () => {
    const plant = aPlant();
    plant.setDesiredBehindTheBack('prod', 'web', 0);
    plant.advanceTo(later(125));
    expect(read(plant, 0, 120)).toEqual([]);
    plant.setDesiredBehindTheBack('prod', 'web', 2);
    plant.advanceTo(later(305));
    expect(read(plant, 240, 300)).toHaveLength(1);
    plant.stopMetric({ namespace: 'AWS/ECS', name: 'CPUUtilization' });
    plant.advanceTo(later(485));
    expect(read(plant, 360, 480)).toEqual([]);
    plant.resumeMetric({ namespace: 'AWS/ECS', name: 'CPUUtilization' });
    plant.advanceTo(later(605));
    expect(read(plant, 540, 600)).toHaveLength(1);
  });

  it('cannot be stopped under a wrong name', () =>
    expect(() => aPlant().stopMetric({ namespace: 'AWS/ECS', name: 'CPU' })).toThrow(
      /no metric AWS\/ECS CPU/,
    ));
});

describe('a run', () => {
  const run = (seed: number, step: number) => {
    const wave: Workload = {
      ...constantWorkload(0, START, HOUR),
      loadAt: (at) => 800 + 700 * Math.sin((at - START) / 900_000),
    };
    const plant = aPlant({ policies: [aPolicy(), another('api')], workload: wave, seed });
    const events: PlantEvent[] = [];
    for (let second = step; second <= 7200; second += step) {
      events.push(...plant.advanceTo(later(second)));
      if (second % 600 === 0) plant.updateService('prod', 'web', { desired: 4 + ((second / 600) % 9) });
    }
    return { events, scores: plant.scores() };
  };

  it('is the same for the same seed, however large the steps', () => {
    expect(run(3, 60)).toEqual(run(3, 60));
    expect(run(3, 600)).toEqual(run(3, 10));
  });

  it('is another for another seed', () => expect(run(4, 60).events).not.toEqual(run(3, 60).events));

  it('does not go back', () => {
    const plant = aPlant();
    plant.advanceTo(later(100));
    expect(plant.advanceTo(later(50))).toEqual([]);
    expect(plant.now()).toBe(later(100));
  });

  it('scores resizes that were asked for, and none behind the back', () => {
    const plant = aPlant();
    plant.updateService('prod', 'web', { desired: 5 });
    plant.updateService('prod', 'web', { desired: 8 });
    plant.setDesiredBehindTheBack('prod', 'web', 4);
    plant.advanceTo(later(100));
    expect(plant.scores()['web']).toMatchObject({ resizes: 1, underCapacityPct: 100, unitHours: 400 / 3600 });
  });

  it('takes far less than two seconds for a day of three services', () => {
    const plant = aPlant({ policies: [aPolicy(), another('api'), another('jobs')] });
    const begun = performance.now();
    plant.advanceTo(instant(START + 86_400_000));
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});
