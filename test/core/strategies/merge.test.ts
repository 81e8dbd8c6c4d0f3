import { expect, it } from 'vitest';
import type { MissingStep, ProposalStep } from '../../../shared/core/decision.ts';
import { mergeProposals } from '../../../shared/core/strategies/merge.ts';
import type { Proposal } from '../../../shared/core/strategies/proposal.ts';
import { fc } from '../../support/fast-check.ts';

const merge = (proposals: readonly Proposal[]) => mergeProposals(proposals, 4);

const step: ProposalStep = {
  step: 'proposal',
  strategy: 'schedule',
  window: 'any',
  until: null,
  metric: 'any',
  label: '',
  unit: '',
  value: 0,
  size: 4,
  wish: 4,
  verdict: 'within-tolerance',
  scope: 'independent',
  carried: null,
  outAbove: null,
};
const missing = (metric: string): MissingStep => ({
  step: 'missing',
  metric,
  label: metric,
  reason: 'no-data',
  detail: '',
});
const wish = (from: string, size: number): Proposal => ({ kind: 'wish', from, wish: size, step });
const silent = (from: string): Proposal => ({ kind: 'silent', from, step });
const blind = (from: string): Proposal => ({ kind: 'blind', from, step: missing(from) });

it('lets the largest wish win', () => {
  expect(merge([wish('cpu', 3), wish('memory', 7), wish('requests', 5)])).toEqual({
    wish: 7,
    from: 'memory',
    blind: [],
  });
});

it('names the first metric among equals', () => {
  expect(merge([wish('memory', 7), wish('cpu', 7), wish('latency', 7)]).from).toBe('cpu');
});

it('counts a wish for zero', () => {
  expect(merge([wish('cpu', 0)])).toEqual({ wish: 0, from: 'cpu', blind: [] });
});

it('names those who cannot speak, and goes on with the others', () => {
  expect(merge([blind('requests'), wish('cpu', 3), blind('memory')])).toEqual({
    wish: 3,
    from: 'cpu',
    blind: ['memory', 'requests'],
  });
});

it('has no wish where nobody can speak', () => {
  expect(merge([blind('cpu')])).toEqual({ wish: null, from: null, blind: ['cpu'] });
  expect(merge([])).toEqual({ wish: null, from: null, blind: [] });
});

it('stays where those who see have nothing to say', () => {
  expect(merge([silent('latency')])).toEqual({ wish: 4, from: null, blind: [] });
  expect(merge([silent('latency'), wish('cpu', 2)])).toEqual({ wish: 2, from: 'cpu', blind: [] });
});

it('counts the missing metrics of a strategy that speaks all the same', () => {
  expect(merge([{ kind: 'wish', from: 'queue', wish: 6, step, missing: [missing('memory')] }])).toEqual({
    wish: 6,
    from: 'queue',
    blind: ['memory'],
  });
});

it('gives the same answer in whatever order the strategies are asked', () => {
  const proposal = fc.oneof(
    fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(5)).map(([from, size]) => wish(from, size)),
    fc.constantFrom('e', 'f', 'g').map(blind),
  );
  const shuffled = fc
    .uniqueArray(proposal, { selector: ({ from }) => from, maxLength: 7 })
    .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
  fc.assert(
    fc.property(shuffled, ([one, other]) => {
      expect(merge(other)).toEqual(merge(one));
    }),
    { numRuns: 10_000 },
  );
});
