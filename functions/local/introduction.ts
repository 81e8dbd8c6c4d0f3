import type { PolicyBundle } from '../../shared/config/compiled-policies.ts';
import { alarmsFor } from '../../shared/core/alarms.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { targetId } from '../../shared/core/target.ts';
import { numberOf } from './words.ts';

/** Three requests to try, with a size in the middle of what the last policy allows. */
export function hintsFor(url: string, policies: readonly Policy[]): readonly string[] {
  const policy = policies.at(-1);
  const { min, max } = policy?.bounds ?? { min: 1, max: 1 };
  const body = JSON.stringify({
    service: policy?.name ?? 'web',
    instances: Math.ceil((min + max) / 2),
    reason: 'trying it out',
    expiresIn: '30m',
  });
  return [
    `API ${url}`,
    `  curl ${url}/health`,
    `  curl '${url}/api/infrastructure/scaling/events?limit=5'`,
    `  curl -X POST ${url}/api/infrastructure/scaling/scale -H 'content-type: application/json' -d '${body}'`,
  ];
}

/** What is going to run. */
export function introduction(
  title: string,
  speed: number | 'max',
  { policies, applications }: Pick<PolicyBundle, 'policies' | 'applications'>,
  hints: readonly string[],
): string {
  const pace = speed === 'max' ? 'as fast as it goes' : `at ${speed}×`;
  return [
    `Plimsoll replays "${title}" ${pace} against ${numberOf(policies.length, 'policy', 'policies')}:`,
    ...policies.map(
      (policy) =>
        `  ${policy.name}: ${targetId(policy.target)}, ${policy.bounds.min}..${policy.bounds.max}, ${askedBy(policy)}`,
    ),
    ...applications.map(
      ({ name, tiers, budget }) =>
        `  ${name}: one plan for ${tiers.map((tier) => tier.name).join(', ')}${budget === null ? '' : `, within ${budget.share * 100} % of the connections`}`,
    ),
    ...hints,
    '',
  ].join('\n');
}

/** Units that come and go have metrics that no alarm can follow. */
function askedBy(policy: Policy): string {
  const alarms = alarmsFor(policy).length;
  return alarms === 0 ? 'asked every minute' : numberOf(alarms, 'alarm');
}
