/** What an instance class is made of. */
export interface InstanceClass {
  readonly vcpus: number;
  readonly memoryGiB: number;
}

const BURSTABLE: Readonly<Record<string, InstanceClass>> = {
  micro: { vcpus: 2, memoryGiB: 1 },
  small: { vcpus: 2, memoryGiB: 2 },
  medium: { vcpus: 2, memoryGiB: 4 },
  large: { vcpus: 2, memoryGiB: 8 },
  xlarge: { vcpus: 4, memoryGiB: 16 },
  '2xlarge': { vcpus: 8, memoryGiB: 32 },
};

/** GiB of memory for each vCPU. Source: https://aws.amazon.com/rds/instance-types/ */
const MEMORY_PER_VCPU: Readonly<Record<string, number>> = { m: 4, r: 8, x: 16 };
const FORM = /^db\.([a-z])\d\w*\.(micro|small|medium|large|(\d*)xlarge)$/;

const known = new Map<string, InstanceClass | null>();

/** The size of a class such as `db.r6g.2xlarge`; null = there is no such class. */
export function instanceClassOf(name: string): InstanceClass | null {
  const before = known.get(name);
  if (before !== undefined) return before;
  const size = parsed(name);
  known.set(name, size);
  return size;
}

function parsed(name: string): InstanceClass | null {
  const [, family = '', size = '', times] = FORM.exec(name) ?? [];
  if (family === 't') return BURSTABLE[size] ?? null;
  const perVcpu = MEMORY_PER_VCPU[family];
  if (perVcpu === undefined || !(size === 'large' || size.endsWith('xlarge'))) return null;
  const vcpus = size === 'large' ? 2 : 4 * Number(times === '' ? 1 : times);
  return { vcpus, memoryGiB: vcpus * perVcpu };
}

const GIB = 1024 ** 3;

/**
 * `max_connections` as the default parameter groups have it.
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
 */
export function defaultMaxConnections(engine: string, { memoryGiB }: InstanceClass): number {
  const bytes = memoryGiB * GIB;
  return engine.includes('postgres')
    ? Math.min(Math.floor(bytes / 9_531_392), 5000)
    : Math.floor(bytes / 12_582_880);
}

/** Classes that the account offers for every engine. */
export const OFFERED_CLASSES: readonly string[] = [
  ...['micro', 'small', 'medium', 'large', 'xlarge', '2xlarge'].map((size) => `db.t4g.${size}`),
  ...['m6g', 'm7g', 'r6g', 'r7g'].flatMap((family) =>
    ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge', '16xlarge'].map(
      (size) => `db.${family}.${size}`,
    ),
  ),
];
