import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Step } from '../../../shared/core/decision.ts';
import { mergeProposals } from '../../../shared/core/strategies/merge.ts';
import type { Proposal } from '../../../shared/core/strategies/proposal.ts';

const step: Step = { step: 'merge', wish: null, from: null, blind: [] };
const wish = (from: string, size: number): Proposal => ({ kind: 'wish', from, wish: size, step });
const blind = (from: string): Proposal => ({ kind: 'blind', from, step });

it('lets the largest wish win', () => {
  expect(mergeProposals([wish('cpu', 3), wish('memory', 7), wish('requests', 5)])).toEqual({
    wish: 7,
    from: 'memory',
    blind: [],
  });
});

it('names the first metric among equals', () => {
  expect(mergeProposals([wish('memory', 7), wish('cpu', 7), wish('latency', 7)]).from).toBe('cpu');
});

it('counts a wish for zero', () => {
  expect(mergeProposals([wish('cpu', 0)])).toEqual({ wish: 0, from: 'cpu', blind: [] });
});

it('names those who cannot speak, and goes on with the others', () => {
  expect(mergeProposals([blind('requests'), wish('cpu', 3), blind('memory')])).toEqual({
    wish: 3,
    from: 'cpu',
    blind: ['memory', 'requests'],
  });
});

it('has no wish where nobody can speak', () => {
  expect(mergeProposals([blind('cpu')])).toEqual({ wish: null, from: null, blind: ['cpu'] });
  expect(mergeProposals([])).toEqual({ wish: null, from: null, blind: [] });
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
      expect(mergeProposals(other)).toEqual(mergeProposals(one));
    }),
    { numRuns: 2000 },
  );
});
