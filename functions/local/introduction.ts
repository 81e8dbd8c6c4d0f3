import { alarmsFor } from '../../shared/core/alarms.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { targetId } from '../../shared/core/target.ts';

/** Three requests to try, with a size that the first policy allows. */
export function hintsFor(url: string, policies: readonly Policy[]): readonly string[] {
  const [first] = policies;
  const body = JSON.stringify({
    service: first?.name ?? 'web',
    instances: first?.bounds.max ?? 1,
    reason: 'trying it out',
    expiresIn: '10m',
  });
  return [
    `API ${url}`,
    `  curl ${url}/health`,
    `  curl '${url}/api/infrastructure/scaling/events?limit=5'`,
    `  curl -X POST ${url}/api/infrastructure/scaling/scale -H 'content-type: application/json' -d '${body}'`,
  ];
}

/** What is going to run, for an output without a screen. */
export function introduction(
  title: string,
  speed: number | 'max',
  policies: readonly Policy[],
  hints: readonly string[],
): string {
  const pace = speed === 'max' ? 'as fast as it goes' : `at ${speed}×`;
  return [
    `Plimsoll replays "${title}" ${pace} against ${policies.length} policies:`,
    ...policies.map(
      (policy) =>
        `  ${policy.name}: ${targetId(policy.target)}, ${policy.bounds.min}..${policy.bounds.max}, ${alarmsFor(policy).length} alarms`,
    ),
    ...hints,
    '',
  ].join('\n');
}
