/** A piece of work that must not overtake another with the same key. */
export interface Job {
  readonly key: string;
  readonly run: () => Promise<void>;
}

/** A job that failed, with what it threw. */
export interface FailedJob<J extends Job> {
  readonly job: J;
  readonly error: unknown;
}

/** Keys that are worked on at the same time: enough to hide latency, few enough not to be throttled. */
const GROUPS_AT_ONCE = 8;

/**
 * Runs jobs: those of one key in the order given, different keys side by side. Every job is run; a failed one does not
 * stop the others.
 */
export async function runInGroups<J extends Job>(jobs: readonly J[]): Promise<readonly FailedJob<J>[]> {
  const groups = grouped(jobs).values();
  const failed: FailedJob<J>[] = [];
  const worker = async (): Promise<void> => {
    // The workers share one iterator: each takes the next group that nobody has taken.
    for (const group of groups) {
      for (const job of group) {
        try {
          await job.run();
        } catch (error) {
          failed.push({ job, error });
        }
      }
    }
  };
  await Promise.all(Array.from({ length: GROUPS_AT_ONCE }, worker));
  return failed;
}

function grouped<J extends Job>(jobs: readonly J[]): ReadonlyMap<string, readonly J[]> {
  const groups = new Map<string, J[]>();
  for (const job of jobs) {
    const group = groups.get(job.key);
    if (group === undefined) groups.set(job.key, [job]);
    else group.push(job);
  }
  return groups;
}
