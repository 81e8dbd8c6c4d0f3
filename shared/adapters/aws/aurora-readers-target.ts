import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { RDSClient } from '@aws-sdk/client-rds';
import { ControllerError } from '../../core/controller-error.ts';
import { type AuroraReadersTarget, type TargetId, targetId } from '../../core/target.ts';
import type { Instant } from '../../core/time.ts';
import type { CapacityTarget, Observation, ResizeOrder } from '../../ports/capacity-target.ts';
import { addReaders } from './aurora/add-readers.ts';
import { going, type Reader, staying, whyBusy } from './aurora/cluster-view.ts';
import { type AuroraParts, deleteDrained, keep, markLeaving } from './aurora/leave.ts';
import { lookAt, viewOf } from './aurora/look.ts';
import { observeCluster } from './aurora/observe-cluster.ts';
import type { ClientOptions } from './client-options.ts';
import { cloudWatchMetricSource } from './cloudwatch-metric-source.ts';
import { observeBulk } from './observe-bulk.ts';

/** Readers of Aurora clusters through clients of their own. */
export const connectAuroraReaders = (options: ClientOptions): CapacityTarget<AuroraReadersTarget> =>
  auroraReadersTarget({
    client: new RDSClient(options),
    metrics: cloudWatchMetricSource(new CloudWatchClient(options)),
  });

/**
 * Readers of Aurora clusters: the writer is neither counted nor touched, and only readers that Plimsoll created are deleted.
 *
 * The reader endpoint hands connections to a reader until it is gone, and cannot be told to stop ("you can't create, delete,
 * or modify" it: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Endpoints.Reader.html). A reader on its
 * way out is deleted once its clients have left by themselves, or when the drain time is over.
 */
export function auroraReadersTarget(parts: AuroraParts): CapacityTarget<AuroraReadersTarget> {
  return {
    asks: 'each-look',
    describe: (targets, now) => observeBulk(targets, (batch) => observe(parts, batch, now)),
    resize: (target, order) => resize(parts, target, order),
  };
}

async function observe(
  { client }: AuroraParts,
  targets: readonly AuroraReadersTarget[],
  now: Instant,
): Promise<ReadonlyMap<TargetId, Observation>> {
  const looks = await lookAt(
    client,
    targets.map(({ cluster }) => cluster),
  );
  return new Map(
    targets.map((target) => {
      const look = looks.get(target.cluster) ?? { missing: `there is no cluster ${target.cluster}` };
      const seen: Observation =
        'view' in look ? observeCluster(look.view, now) : { kind: 'missing', detail: look.missing };
      return [targetId(target), seen];
    }),
  );
}

async function resize(parts: AuroraParts, target: AuroraReadersTarget, order: ResizeOrder): Promise<void> {
  const view = await viewOf(parts.client, target);
  const busy = whyBusy(view);
  if (busy !== null || view.writer === null) {
    throw new ControllerError('unavailable', `could not resize ${targetId(target)}: ${busy}`, {
      retryable: true,
    });
  }
  if (view.writer.reader.leaving !== null) await keep(parts.client, [view.writer.reader]);
  const missing = order.keepsSize === true ? 0 : order.size - staying(view).length;
  // The one that was marked last still has most of its clients; one that has failed has none, and is not kept.
  const leavers = [...going(view)].sort(youngestMarkFirst);
  const kept = leavers.filter(({ standing }) => standing !== 'failed').slice(0, Math.max(0, missing));
  await keep(parts.client, kept);
  if (missing > kept.length) {
    await addReaders(parts.client, {
      target,
      view,
      writer: view.writer,
      order,
      count: missing - kept.length,
    });
  }
  if (missing < 0) await markLeaving(parts, view, -missing, order.now);
  await deleteDrained(
    parts,
    target,
    leavers.filter((reader) => !kept.includes(reader)),
    order.now,
  );
}

const youngestMarkFirst = (one: Reader, other: Reader): number => (other.leaving ?? 0) - (one.leaving ?? 0);
