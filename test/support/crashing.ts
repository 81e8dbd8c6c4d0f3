/** A process that died: never a ControllerError, so nothing in the product may swallow it. */
export class Crash extends Error {}

/** Counts the awaits of a run and kills it at one of them. */
export interface CrashPoint {
  /** Calls into the outside world so far. */
  count: number;
  /** The call that kills the run; null = none. */
  readonly at: number | null;
  /** Whether the call still takes effect before the run dies. */
  readonly when: 'before' | 'after';
}

/**
 * The same object, whose every asynchronous method is an await at which the run can die: before the call took effect,
 * or after. Once dead it stays dead, as a process does.
 */
export function crashing<T extends object>(part: T, point: CrashPoint): T {
  return new Proxy(part, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...args: readonly unknown[]) => {
        const turn = point.count;
        point.count += 1;
        const isDead = point.at !== null && turn >= point.at;
        if (isDead && (point.when === 'before' || turn > (point.at ?? 0))) throw new Crash(`at call ${turn}`);
        const result: unknown = await value.apply(target, args);
        if (isDead) throw new Crash(`after call ${turn}`);
        return result;
      };
    },
  });
}
