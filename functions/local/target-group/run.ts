import type { GroupTarget, TargetGroupControl, TargetHealth } from '../../../shared/ports/target-group.ts';
import type { TargetGroupOptions, TargetGroupOrder } from './options.ts';

/** Writes a line of the answer. */
type Line = (text: string) => void;

/** Does what is asked of a target group, and says so: exit 0; `health` exits 1 while a target is not healthy. */
export async function runTargetGroup(
  control: TargetGroupControl,
  { arn, json, order }: TargetGroupOptions,
  line: Line,
): Promise<number> {
  if (order.verb === 'health') {
    const targets = await control.health(arn);
    for (const text of json ? [JSON.stringify({ arn, targets })] : healthInWords(targets)) line(text);
    return targets.length > 0 && targets.every(({ state }) => state === 'healthy') ? 0 : 1;
  }
  const done = await carryOut(control, arn, order);
  line(json ? JSON.stringify({ arn, ...done.data }) : done.sentence);
  return 0;
}

interface Done {
  readonly sentence: string;
  readonly data: object;
}

async function carryOut(
  control: TargetGroupControl,
  arn: string,
  order: Exclude<TargetGroupOrder, { verb: 'health' }>,
): Promise<Done> {
  switch (order.verb) {
    case 'register':
      await control.register(arn, order.targets);
      return { sentence: `Registered: ${names(order.targets)}.`, data: { registered: order.targets } };
    case 'deregister': {
      const { targets, drainSeconds } = order;
      await control.deregister(arn, targets, drainSeconds);
      const within = drainSeconds === null ? 'the delay of the group' : `${drainSeconds} s`;
      return {
        sentence: `Deregistered: ${names(targets)}. What is connected has ${within} to finish.`,
        data: { deregistered: targets, drainSeconds },
      };
    }
    case 'maintenance':
      return maintenance(control, arn, order.on);
    case 'algorithm':
      await control.algorithm(arn, order.type);
      return { sentence: `The group now picks targets by ${order.type}.`, data: { algorithm: order.type } };
  }
}

async function maintenance(control: TargetGroupControl, arn: string, on: boolean): Promise<Done> {
  const { targets } = on ? await control.maintenanceOn(arn) : await control.maintenanceOff(arn);
  const data = { maintenance: on ? 'on' : 'off', targets };
  if (on) return { sentence: `Maintenance is on. Taken out: ${names(targets)}.`, data };
  return { sentence: `Maintenance is off. Brought back: ${names(targets)}.`, data };
}

const healthInWords = (targets: readonly TargetHealth[]): readonly string[] =>
  targets.length === 0
    ? ['The group has no target.']
    : targets.map((target) => `${nameOf(target)}: ${target.state}${because(target.reason)}`);

const because = (reason: string | null): string => (reason === null ? '' : ` (${reason})`);

const names = (targets: readonly GroupTarget[]): string =>
  targets.length === 0 ? 'nobody' : targets.map(nameOf).join(', ');

const nameOf = ({ id, port }: GroupTarget): string => {
  if (port === null) return id;
  return id.includes(':') ? `[${id}]:${port}` : `${id}:${port}`;
};
