import { CreateDBInstanceCommand, type RDSClient, type Tag } from '@aws-sdk/client-rds';
import { ControllerError } from '../../../core/controller-error.ts';
import { hashOf } from '../../../core/fingerprint.ts';
import { type AuroraReadersTarget, RESOURCE_TAGS } from '../../../core/target.ts';
import type { ResizeOrder } from '../../../ports/capacity-target.ts';
import { translateSdkError } from '../sdk-errors.ts';
import { type ClusterView, staying } from './cluster-view.ts';

/** "1 to 63 letters, numbers, or hyphens": https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
const IDENTIFIER_LENGTH = 63;

/** The last to become the writer: a failover then takes a reader that the user sized for it. */
const LAST_TIER = 15;

type Writer = NonNullable<ClusterView['writer']>;

/** What readers are created for. */
interface Addition {
  readonly target: AuroraReadersTarget;
  readonly view: ClusterView;
  readonly writer: Writer;
  readonly order: ResizeOrder;
}

/** Creates readers. Their names follow from the resize: a retry meets what the first try made. */
export async function addReaders(
  client: RDSClient,
  { count, ...addition }: Addition & { readonly count: number },
): Promise<void> {
  const { target, view, writer, order } = addition;
  const taken = new Set([writer.reader, ...view.readers].map(({ id }) => id));
  const placed = [...staying(view), writer.reader].map(({ zone }) => zone);
  for (const id of namesFor(view.id, order.resizeId, taken, count)) {
    const zones = fewestFirst(target.zones.length > 0 ? target.zones : view.zones, placed);
    placed.push(await createAnywhere(client, { ...addition, id, zones }));
  }
}

/** Names that no instance of the cluster has, of the ones that a resize gives in turn. */
function namesFor(cluster: string, resizeId: string, taken: ReadonlySet<string>, count: number): string[] {
  const hash = hashOf(resizeId).toString(16).padStart(8, '0');
  const names: string[] = [];
  for (let k = 1; names.length < count; k += 1) {
    const end = `-plimsoll-${hash}-${k}`;
    // A cut name must not end in a hyphen: two in a row are refused.
    const name = cluster.slice(0, IDENTIFIER_LENGTH - end.length).replace(/-+$/, '') + end;
    if (!taken.has(name)) names.push(name);
  }
  return names;
}

/** Zones with the fewest units first; those with as many keep their order. */
const fewestFirst = (
  zones: readonly string[],
  placed: readonly (string | undefined)[],
): readonly string[] => {
  const load = (zone: string) => placed.filter((taken) => taken === zone).length;
  return [...zones].sort((one, other) => load(one) - load(other));
};

interface Wanted extends Addition {
  readonly id: string;
  readonly zones: readonly string[];
}

/** Tries each class in each zone until one has room. @returns the zone; undefined where AWS chose it, or it is there already. */
async function createAnywhere(client: RDSClient, wanted: Wanted): Promise<string | undefined> {
  const { id, target, view, writer, zones } = wanted;
  const classes = target.classes.length > 0 ? target.classes : [writer.instance.DBInstanceClass ?? ''];
  const places = classes.flatMap((size) => orAny(zones).map((zone) => ({ size, zone })));
  for (const { size, zone } of places) {
    const outcome = await create(client, wanted, size, zone);
    if (outcome !== 'no-room') return outcome === 'created' ? zone : undefined;
  }
  throw new ControllerError(
    'unavailable',
    `could not create the reader ${id} of the cluster ${view.id}: AWS has no capacity for ${classes.join(', ')} in ${zones.join(', ') || 'any zone'} now`,
    { retryable: true },
  );
}

const orAny = (zones: readonly string[]): readonly (string | undefined)[] =>
  zones.length > 0 ? zones : [undefined];

async function create(
  client: RDSClient,
  { id, view, writer: { instance }, order }: Wanted,
  instanceClass: string,
  zone: string | undefined,
): Promise<'created' | 'there-already' | 'no-room'> {
  const input = {
    DBInstanceIdentifier: id,
    DBClusterIdentifier: view.id,
    Engine: view.engine,
    DBInstanceClass: instanceClass,
    PromotionTier: LAST_TIER,
    AvailabilityZone: zone,
    DBParameterGroupName: instance.DBParameterGroups?.[0]?.DBParameterGroupName,
    PubliclyAccessible: instance.PubliclyAccessible,
    AutoMinorVersionUpgrade: instance.AutoMinorVersionUpgrade,
    Tags: tagsFor(order),
  };
  try {
    await client.send(new CreateDBInstanceCommand(input));
    return 'created';
  } catch (error) {
    const { name } = error as Error;
    // The name says that an earlier try of this very resize made it.
    if (/^DBInstanceAlreadyExists(Fault)?$/.test(name)) return 'there-already';
    if (/^InsufficientDBInstanceCapacity(Fault)?$/.test(name)) return 'no-room';
    throw translateSdkError(error, `create the reader ${id} (${instanceClass}) of the cluster ${view.id}`);
  }
}

const tagsFor = ({ policy, resizeId }: ResizeOrder): Tag[] => [
  { Key: RESOURCE_TAGS.managed, Value: 'true' },
  { Key: RESOURCE_TAGS.policy, Value: policy },
  { Key: RESOURCE_TAGS.resize, Value: resizeId },
];
