/** A controller that died: never a ControllerError, so nothing in the product may take it for a broken world. */
class Crash extends Error {}

/** At which call into the outside world a controller is to die. */
export interface CrashPoint {
  /** Counted from 1. */
  readonly at: number;
  /** Whether the call takes effect before the controller is gone. */
  readonly when: 'before' | 'after';
}

/** Counts the calls of a controller into the outside world, and lets it die at one of them. Once dead it stays dead. */
export class Mortality {
  #point: CrashPoint | null = null;
  #count = 0;
  #isCounting = false;
  #death: string | null = null;

  /** Calls that were counted. */
  get count(): number {
    return this.#count;
  }

  /** At which call the controller died; null while it lives. */
  get death(): string | null {
    return this.#death;
  }

  /** Whether calls count from here on. */
  setCounting(isCounting: boolean): void {
    this.#isCounting = isCounting;
  }

  /** Lets it die at a call, counted from now. */
  dieAt(point: CrashPoint): void {
    this.#count = 0;
    this.#isCounting = true;
    this.#point = point;
  }

  /** A new controller after the last one died. */
  revive(): void {
    this.#death = null;
    this.#point = null;
  }

  /** Carries a call, unless the controller dies at it or is dead. */
  async carry<T>(call: string, takeEffect: () => Promise<T>): Promise<T> {
    if (this.#isCounting) this.#count += 1;
    const turn = this.#count;
    const isLast = this.#isCounting && this.#count === this.#point?.at;
    this.#assertAlive();
    if (isLast && this.#point?.when === 'before') this.#die(`before call ${turn}, ${call}`);
    const result = await takeEffect();
    if (isLast) this.#die(`after call ${turn}, ${call}`);
    this.#assertAlive();
    return result;
  }

  #assertAlive(): void {
    if (this.#death !== null) throw new Crash('dead');
  }

  #die(how: string): never {
    this.#death = how;
    throw new Crash(this.#death);
  }
}

/** The same part, whose every asynchronous method is a call at which the controller can die. */
export function mortal<T extends object>(part: T, name: string, mortality: Mortality): T {
  return new Proxy(part, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]) =>
        mortality.carry(`${name}.${String(key)}`, async () => value.apply(target, args));
    },
  });
}
