import { describe, expect, it } from 'vitest';
import { columnsOf, fillTemplate, longestQuestionSeconds } from '../../shared/core/warm-plan.ts';
import { aDynamoItem, anHttpItem, aSqlItem } from '../support/a-warm-plan.ts';

describe('a template', () => {
  it('names its columns, and is filled in with a row', () => {
    expect(columnsOf('a:{id}:{shelf}')).toEqual(['id', 'shelf']);
    expect(fillTemplate('a:{id}:{shelf}', { id: 7, shelf: 'x y' })).toEqual({
      kind: 'filled',
      text: 'a:7:x y',
    });
    const written = fillTemplate('/{id}', { id: 'a/b' }, encodeURIComponent);
    expect(written).toEqual({ kind: 'filled', text: '/a%2Fb' });
  });

  it('takes neither a column that there is not nor one without a value', () => {
    expect(fillTemplate('a:{id}', {})).toEqual({ kind: 'unknown', column: 'id' });
    expect(fillTemplate('a:{id}', { id: null })).toEqual({ kind: 'unknown', column: 'id' });
    expect(fillTemplate('a:{toString}', {})).toEqual({ kind: 'unknown', column: 'toString' });
  });
});

it('a plan waits for an answer as long as its slowest item', () => {
  expect(longestQuestionSeconds({ items: [] })).toBe(0);
  expect(longestQuestionSeconds({ items: [aSqlItem(), anHttpItem({ timeoutSeconds: 7 })] })).toBe(7);
  expect(longestQuestionSeconds({ items: [aSqlItem(), aDynamoItem()] })).toBe(10);
});
