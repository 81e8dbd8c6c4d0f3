import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ControllerError } from '../../shared/core/controller-error.ts';

/** Where the first policy goes unless the caller says otherwise. */
const DEFAULT_FILE = 'policies/first.yaml';

/**
 * Writes a commented first policy that validates as it stands, and says what to do with it. Never overwrites.
 * @throws ControllerError `invalid` when the file exists or cannot be written, or when more than one is named.
 */
export async function runInit(paths: readonly string[], out: (line: string) => void): Promise<void> {
  const [path = DEFAULT_FILE, ...others] = paths;
  if (others.length > 0) throw refusal(`${others.join(' ')}: init writes one file (name one)`);
  if (!/\.ya?ml$/.test(path)) throw refusal(`${path}: not the name of a policy file (end it with .yaml)`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, FIRST_POLICY, { flag: 'wx' });
  } catch (error) {
    throw refusal(unwritable(path, error), error);
  }
  out(`${path} is written. Name your cluster and service in it, then check it:`);
  out(`npm run -s plimsoll -- validate ${path}`);
}

const refusal = (message: string, cause?: unknown): ControllerError =>
  new ControllerError('invalid', message, { retryable: false, cause });

function unwritable(path: string, error: unknown): string {
  const { code, syscall } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  // A file where a folder is needed exists too, but it is not the one that was named.
  if (code === 'EEXIST' && syscall === 'open')
    return `${path}: already there, and not touched (name another file)`;
  return `${path}: cannot be written: ${code ?? String(error)} (check the path and its permissions)`;
}

const FIRST_POLICY = `# A scaling policy. Every field that is commented out shows its default, or what it may look like: docs/policies.md has all.
apiVersion: plimsoll/v1
kind: ScalingPolicy
metadata:
  # Unique among all policies; part of the names of alarms.
  name: first
spec:
  # What is resized: the desired count of an ECS service. Names, not ARNs.
  target:
    kind: ecs-service
    cluster: my-cluster
    service: my-service
  # The size never leaves these bounds, whoever asks.
  bounds:
    min: 2
    max: 10
  # What proposes a size. Of several proposals the largest wins, and for fewer tasks all have to agree.
  strategies:
    # Hold the mean CPU of the service at 70 %: tasks x value / target, rounded up.
    - type: target-tracking
      target: 70
      metric: { preset: cpu }
      # Between 63 and 77 % nothing changes.
      # tolerance: { out: 0.1, in: 0.1 }
    # Above 80 % of the memory for five minutes: two more.
    - type: threshold
      metric: { preset: memory }
      scaleOut: { above: 80, for: 5m, change: +2 }
      scaleIn: { below: 50, for: 15m, change: -1 }
  # Seconds from the end of a scale-out to the next, and from the end of any resize to a scale-in.
  cooldowns:
    outSeconds: 60
    inSeconds: 300
  # Without any metric the size stays. After ten minutes of it, a size that is known to be safe:
  # missingData:
  #   fallback: { mode: higher, size: 4, afterMisses: 10 }
  # More tasks while people work:
  # schedule:
  #   timeZone: Europe/Berlin
  #   windows:
  #     - { name: working-day, start: "0 8 * * mon-fri", end: "0 18 * * mon-fri", min: 4 }
  # Watch first: with this the policy decides and explains, and changes nothing.
  # paused: true
`;
