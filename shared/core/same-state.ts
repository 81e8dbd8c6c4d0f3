import type { TargetState } from './ledger-entry.ts';

/** Whether two states are equal, whatever the order of their keys: a store may hand them back in another one. */
export const isSameState = (left: TargetState, right: TargetState): boolean => same(left, right);

function same(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return left === right;
  }
  const keys = Object.keys(left);
  return (
    Array.isArray(left) === Array.isArray(right) &&
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && same(Reflect.get(left, key), Reflect.get(right, key)))
  );
}
