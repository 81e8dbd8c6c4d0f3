import type { SizeLimit, UnitState } from '../../../core/capacity.ts';
import { type Instant, secondsBetween } from '../../../core/time.ts';
import type { PresentResource } from '../../../ports/capacity-target.ts';
import {
  type ClusterView,
  going,
  isGoing,
  type Reader,
  removable,
  staying,
  whyBusy,
} from './cluster-view.ts';

/** "Up to 15 Aurora Replicas": https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Replication.html */
const MAX_READERS = 15;

/** What a look at a cluster says of its size. A reader on its way out is no longer counted: it is `unfinished`. */
export function observeCluster(view: ClusterView, now: Instant): PresentResource {
  const counted = staying(view);
  const count = (fits: (reader: Reader) => boolean): number => counted.filter(fits).length;
  return {
    kind: 'present',
    deployment: 'none',
    capacity: {
      desired: counted.length,
      running: count(({ standing }) => standing === 'serving' || standing === 'in-transit'),
      ready: count(({ standing }) => standing === 'serving'),
      pending: count(({ standing }) => standing === 'arriving'),
    },
    units: view.readers.map((reader) => unitOf(reader, now)),
    limits: limitsOf(view),
    unfinished: unfinishedOf(view),
  };
}

const PHASES = {
  serving: 'running',
  'in-transit': 'running',
  deleting: 'running',
  arriving: 'pending',
  failed: 'failed',
} as const satisfies Record<Reader['standing'], UnitState['phase']>;

const unitOf = (reader: Reader, now: Instant): UnitState => {
  const { id, standing, createdAt } = reader;
  return {
    id,
    phase: PHASES[standing],
    ready: standing === 'serving' && !isGoing(reader),
    deleting: isGoing(reader) || standing === 'deleting',
    startedSecondsAgo: createdAt === null ? null : Math.max(0, secondsBetween(createdAt, now)),
    readyChangedSecondsAgo: null,
    requests: {},
    sampleAgeSeconds: 0,
    sampleWindowSeconds: 60,
  };
};

function limitsOf(view: ClusterView): readonly SizeLimit[] {
  const size = staying(view).length;
  const busy = whyBusy(view);
  if (busy !== null) {
    return (['out', 'in'] as const).map((direction) => ({
      direction,
      size,
      reason: 'resource-busy',
      detail: busy,
    }));
  }
  return [mostReaders(view), ...leastReaders(view, size), ...stillGoing(view, size)];
}

// One that is on its way out can be kept; one that fails or is being deleted takes a place until it is gone.
function mostReaders({ id, readers }: ClusterView): SizeLimit {
  const lost = readers.filter(({ standing }) => standing === 'deleting' || standing === 'failed').length;
  const until = lost === 0 ? '' : `, and ${lost} of them are being deleted or have failed`;
  return {
    direction: 'out',
    size: MAX_READERS - lost,
    reason: 'resource-limit',
    detail: `An Aurora cluster takes ${MAX_READERS} readers; ${id} has ${readers.length}${until}.`,
  };
}

// The reader endpoint hands it connections to its end, so the metrics of the cluster still have its share in them.
function stillGoing(view: ClusterView, size: number): readonly SizeLimit[] {
  const ids = going(view).flatMap(({ id, standing }) => (standing === 'serving' ? [id] : []));
  if (ids.length === 0) return [];
  const detail = `On its way out and still serving: ${ids.join(', ')}. What the others carry is seen when it is gone.`;
  return [{ direction: 'in', size, reason: 'resource-busy', detail }];
}

function leastReaders(view: ClusterView, size: number): readonly SizeLimit[] {
  const ours = removable(view).length;
  if (ours === size) return [];
  const detail = `${ours} of the ${size} readers of ${view.id} were created by Plimsoll and are not protected: the others stay.`;
  return [{ direction: 'in', size: size - ours, reason: 'resource-limit', detail }];
}

function unfinishedOf(view: ClusterView): string | null {
  const ids = going(view).map(({ id }) => id);
  const promoted = view.writer?.reader.leaving === null ? undefined : view.writer?.reader.id;
  const parts = [
    ...(ids.length === 0 ? [] : [`On its way out: ${ids.join(', ')}.`]),
    ...(promoted === undefined
      ? []
      : [`${promoted} was on its way out and is the writer now: its mark must go.`]),
  ];
  return parts.length === 0 ? null : parts.join(' ');
}
