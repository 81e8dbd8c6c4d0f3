import {
  AddTagsCommand,
  DeregisterTargetsCommand,
  DescribeTagsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
  RemoveTagsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ControllerError } from '../../../core/controller-error.ts';
import type { GroupTarget, Maintenance, TargetGroupControl } from '../../../ports/target-group.ts';
import type { ClientOptions } from '../client-options.ts';
import { translateSdkError } from '../sdk-errors.ts';

/** Tags of the group that remember who was in it: one value holds 256 characters. */
const REMEMBERED = 'plimsoll:maintenance-';
const LONGEST_VALUE = 256;
/** A group has at most 50 tags; the others may be anybody's. */
const MOST_TAGS = 20;

/** What is on its way out counts as out. */
const isIn = ({ state }: { readonly state: string }): boolean => !state.endsWith('draining');

/** Target groups through a client of their own. */
export const connectTargetGroups = (options: ClientOptions): TargetGroupControl =>
  targetGroupControl(new ElasticLoadBalancingV2Client(options));

/**
 * Steers target groups of load balancers.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
 */
export function targetGroupControl(client: ElasticLoadBalancingV2Client): TargetGroupControl {
  const group = operationsOn(client);
  return {
    health: group.health,
    register: group.register,
    async deregister(arn, targets, drainSeconds) {
      if (drainSeconds !== null)
        await group.setAttribute(arn, 'deregistration_delay.timeout_seconds', String(drainSeconds));
      await group.deregister(arn, targets);
    },
    async maintenanceOn(arn): Promise<Maintenance> {
      const [before, health] = await Promise.all([group.remembered(arn), group.health(arn)]);
      const inNow = health.filter(isIn).map(({ id, port }) => ({ id, port }));
      const known = new Set(before.targets.map(nameOf));
      // Remembered before they go: a crash in between leaves more to bring back, never less.
      await group.remember(arn, [...before.targets, ...inNow.filter((one) => !known.has(nameOf(one)))]);
      await group.deregister(arn, inNow);
      return { targets: inNow };
    },
    async maintenanceOff(arn): Promise<Maintenance> {
      const { targets, keys } = await group.remembered(arn);
      await group.register(arn, targets);
      if (keys.length > 0) await group.forget(arn, keys);
      return { targets };
    },
    algorithm: (arn, type) => group.setAttribute(arn, 'load_balancing.algorithm.type', type),
  };
}

const nameOf = ({ id, port }: GroupTarget): string => (port === null ? id : `${id}=${port}`);

/** Only letters, digits, spaces and `_.:/=+-@` may stand in a tag, so spaces part the targets. */
function namesIn(values: readonly string[]): readonly GroupTarget[] {
  const names = values.flatMap((value) => value.split(' ')).filter((name) => name !== '');
  return names.map((name) => {
    const [id = '', port] = name.split('=');
    return { id, port: port === undefined ? null : Number(port) };
  });
}

/** Names, as many into one value as fit. */
function valuesOf(targets: readonly GroupTarget[]): readonly string[] {
  const values: string[] = [];
  for (const name of targets.map(nameOf)) {
    const last = values.at(-1);
    if (last === undefined || last.length + 1 + name.length > LONGEST_VALUE) values.push(name);
    else values[values.length - 1] = `${last} ${name}`;
  }
  return values;
}

/** The calls, with their errors translated. */
function operationsOn(client: ElasticLoadBalancingV2Client) {
  const asked = <R>(what: string, call: Promise<R>): Promise<R> =>
    call.catch((error: unknown) => {
      throw translateSdkError(error, what);
    });
  const on = (targets: readonly GroupTarget[]) =>
    targets.map(({ id, port }) => ({ Id: id, ...(port === null ? {} : { Port: port }) }));
  return {
    async health(arn: string) {
      const call = client.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn }));
      const { TargetHealthDescriptions = [] } = await asked(`describe the targets of ${arn}`, call);
      return TargetHealthDescriptions.map(({ Target, TargetHealth }) => ({
        id: Target?.Id ?? '',
        port: Target?.Port ?? null,
        state: TargetHealth?.State ?? 'unavailable',
        reason: TargetHealth?.Description ?? TargetHealth?.Reason ?? null,
      }));
    },
    async register(arn: string, targets: readonly GroupTarget[]): Promise<void> {
      if (targets.length === 0) return;
      const call = client.send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: on(targets) }));
      await asked(`register ${targets.map(nameOf).join(', ')}`, call);
    },
    async deregister(arn: string, targets: readonly GroupTarget[]): Promise<void> {
      if (targets.length === 0) return;
      const call = client.send(new DeregisterTargetsCommand({ TargetGroupArn: arn, Targets: on(targets) }));
      await asked(`deregister ${targets.map(nameOf).join(', ')}`, call);
    },
    async setAttribute(arn: string, Key: string, Value: string): Promise<void> {
      const input = { TargetGroupArn: arn, Attributes: [{ Key, Value }] };
      await asked(`set ${Key} to ${Value}`, client.send(new ModifyTargetGroupAttributesCommand(input)));
    },
    async remembered(arn: string) {
      const call = client.send(new DescribeTagsCommand({ ResourceArns: [arn] }));
      const { TagDescriptions = [] } = await asked(`read the tags of ${arn}`, call);
      const all = TagDescriptions.flatMap(({ Tags = [] }) => Tags);
      const ours = all.filter(({ Key }) => Key?.startsWith(REMEMBERED));
      return {
        keys: ours.flatMap(({ Key }) => Key ?? []),
        targets: namesIn(ours.map(({ Value }) => Value ?? '')),
      };
    },
    async remember(arn: string, targets: readonly GroupTarget[]): Promise<void> {
      const values = valuesOf(targets);
      if (values.length > MOST_TAGS) throw tooMany(arn, targets.length);
      const Tags = values.map((Value, place) => ({ Key: `${REMEMBERED}${place}`, Value }));
      if (Tags.length === 0) return;
      await asked(
        `remember the targets of ${arn}`,
        client.send(new AddTagsCommand({ ResourceArns: [arn], Tags })),
      );
    },
    async forget(arn: string, TagKeys: readonly string[]): Promise<void> {
      const input = { ResourceArns: [arn], TagKeys: [...TagKeys] };
      await asked(`clear the tags of ${arn}`, client.send(new RemoveTagsCommand(input)));
    },
  };
}

const tooMany = (arn: string, count: number): ControllerError =>
  new ControllerError(
    'rejected',
    `could not begin the maintenance of ${arn}: ${count} targets do not fit into ${MOST_TAGS} tags`,
    { retryable: false },
  );
