import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cronerCalendar } from '../../shared/adapters/calendar/croner-calendar.ts';
import { loadPolicies } from '../../shared/config/load-policies.ts';
import { parsePolicySet } from '../../shared/config/parse-policy-set.ts';
import { decide } from '../../shared/core/decide.ts';
import { instant } from '../../shared/core/time.ts';
import type { Finding } from '../../shared/verification/finding.ts';
import { pathOf } from '../../shared/verification/finding.ts';
import { verifyPolicy } from '../../shared/verification/verify-policy.ts';

const NOW = instant(Date.UTC(2026, 10, 26));
const FIXTURES = new URL('../fixtures/verify/', import.meta.url);

const namesIn = (folder: string) => readdirSync(new URL(folder, FIXTURES)).sort();

const known = new Map<string, readonly Finding[]>();

/** What is found in a fixture; each is examined once. */
function findingsOf(file: string): readonly Finding[] {
  const findings = known.get(file) ?? examined(file);
  known.set(file, findings);
  return findings;
}

function examined(file: string): readonly Finding[] {
  const text = readFileSync(new URL(file, FIXTURES), 'utf8');
  const { policies, problems } = parsePolicySet([{ path: file, text }]);
  expect(problems).toEqual([]);
  return policies.flatMap((policy) => verifyPolicy(policy, cronerCalendar(), NOW).findings);
}

/** What each bad fixture leads to, and nothing beside it: the check, how grave it is, the sizes, and what is said. */
const BAD: Readonly<Record<string, readonly [Finding['check'], Finding['severity'], string, string]>> = {
  'bounds-contradiction.yaml': [
    'bounds',
    'error',
    '',
    'Window "batch" (min 10) and window "small-hours" (max 5) are open at once for 87,840 minutes of two years, first at 2026-11-26 01:00 UTC: both cannot be kept, and 10..10 applies.',
  ],
  'bounds-fallback.yaml': [
    'bounds',
    'warning',
    '',
    'The fallback of 4 is outside 8..20, which applies while "office" is open, first at 2026-11-26 08:00 UTC: it becomes 8.',
  ],
  'flapping-bounce.yaml': [
    'flapping',
    'warning',
    '4 → 2 → 3',
    'Under a constant load (load 37.5 % at 4) the size goes 4 → 2 → 3, then rests, if the metric falls as units are added.',
  ],
  'flapping-expression.yaml': [
    'flapping',
    'error',
    '3 → 8 → 3',
    'Under a constant load (messages waiting 1000 at 3) the size goes 3 → 8 → 3, and so on without end.',
  ],
  'flapping-steps.yaml': [
    'flapping',
    'error',
    '1 → 3 → 1',
    'Under a constant load (load 70 % at 1) the size goes 1 → 3 → 1, and so on without end, if the metric falls as units are added.',
  ],
  'hidden-behavior.yaml': [
    'hidden-scale-in',
    'error',
    '',
    'No load leads to scale-in from any size, although min is 2: the behavior block does not let it.',
  ],
  'hidden-no-rule.yaml': [
    'hidden-scale-in',
    'error',
    '',
    'No load leads to scale-in from any size, although min is 2: no strategy has a rule for it.',
  ],
  'hidden-partly.yaml': [
    'hidden-scale-in',
    'warning',
    '',
    'No load leads to scale-in from 5, although min is 2: the expression strategy "formula" never agrees to it.',
  ],
  'hidden-paused.yaml': [
    'hidden-scale-in',
    'note',
    '',
    'Scale-in is paused by the policy: what is added stays until somebody takes it away.',
  ],
  'hidden-tolerance.yaml': [
    'hidden-scale-in',
    'warning',
    '',
    'At 2 units a load of half the target, which 1 could carry, leads to no scale-in: CPU is within the tolerance of 0.6 below its target.',
  ],
  'never-fires-shadowed.yaml': [
    'never-fires',
    'warning',
    '',
    'Scale-out of CPU above 80 % (+1) can never lead to scale-out: whenever it asks, the strategy "cpu" asks for more.',
  ],
  'never-fires-step.yaml': [
    'never-fires',
    'error',
    '',
    'The step for CPU at 110 % and above (+5) can never lead to scale-out: CPU never passes 100 %.',
  ],
  'never-fires-tracking.yaml': [
    'never-fires',
    'error',
    '',
    'Scale-out of CPU above 104.5 % (target 95, tolerance 0.1) can never lead to scale-out: CPU never passes 100 %.',
  ],
  'schedule-gap.yaml': [
    'schedule',
    'note',
    '',
    'No window sets a size from 2026-11-26 23:59 UTC to 2026-11-27 00:00 UTC, from 2026-11-27 23:59 UTC to 2026-11-30 00:00 UTC, from 2026-11-30 23:59 UTC to 2026-12-01 00:00 UTC, and 519 more: the size goes to 1.',
  ],
  'schedule-never-opens.yaml': [
    'schedule',
    'error',
    '',
    'Window "feast" never opens (start "0 8 * * mon-fri", end "0 18 * * *", onHolidays only).',
  ],
  'schedule-no-effect.yaml': [
    'schedule',
    'warning',
    '',
    'Window "siesta" changes nothing: whenever it is open, "day" is open too and wins.',
  ],
  'schedule-overlap.yaml': [
    'schedule',
    'warning',
    '',
    'Windows "early" (min 6) and "late" (min 9) are open at once for 87,840 minutes of two years, first at 2026-11-26 21:00 UTC: overlap: highest makes it 9..20.',
  ],
};

describe('verify', () => {
  it('has a fixture for every finding that is expected, and the other way round', () => {
    expect(namesIn('bad')).toEqual(Object.keys(BAD).sort());
  });

  it.each(Object.entries(BAD))(
    'finds one thing in bad/%s, and says it',
    (name, [check, severity, path, message]) => {
      const findings = findingsOf(`bad/${name}`);
      const told = findings.map((found) => [
        found.check,
        found.severity,
        pathOf(found.receipts ?? []),
        found.message,
      ]);
      expect(told).toEqual([[check, severity, path, message]]);
    },
  );

  it.each(Object.keys(BAD))('gives counter-examples for bad/%s that the real decision repeats', (name) => {
    for (const { receipts = [] } of findingsOf(`bad/${name}`)) {
      for (const { policy, snapshot, state, signal, now, decision } of receipts) {
        expect(JSON.stringify(decide(policy, snapshot, state, signal, now))).toBe(JSON.stringify(decision));
      }
    }
  });

  it.each(namesIn('good'))('finds nothing in good/%s', (name) => {
    expect(findingsOf(`good/${name}`)).toEqual([]);
  });

  it('finds no error in the policies that come with it', { timeout: 300_000 }, async () => {
    const { policies, problems } = await loadPolicies([
      'policies',
      'policies/examples',
      'policies/examples/hpa',
    ]);
    expect(problems).toEqual([]);
    expect(policies.length).toBeGreaterThan(15);
    const findings = policies.flatMap((policy) => verifyPolicy(policy, cronerCalendar(), NOW).findings);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});
