import { translateSdkError } from '../../shared/adapters/aws/sdk-errors.ts';
import type { EndpointMember, Traffic } from '../../shared/ports/traffic.ts';

/** An endpoint in memory, and who was let in. */
export class TinyTraffic implements Traffic {
  readonly states = new Map<string, EndpointMember['state']>();
  readonly admitted: string[] = [];
  /** Asked before and after each change. */
  fault: (verb: string, when: 'before' | 'after') => Error | undefined = () => undefined;

  async members(): Promise<readonly EndpointMember[]> {
    this.#failed('members', 'before');
    return [...this.states].map(([unit, state]) => ({ unit, state }));
  }

  admit: Traffic['admit'] = async (_endpoint, units) =>
    this.#change('admit', () => {
      for (const { unit } of units) {
        this.admitted.push(unit);
        this.states.set(unit, 'in-traffic');
      }
    });

  drain: Traffic['drain'] = async (_endpoint, units) =>
    this.#change('drain', () => {
      for (const { unit } of units) if (this.states.has(unit)) this.states.set(unit, 'draining');
    });

  forget: Traffic['forget'] = async (_endpoint, units) =>
    this.#change('forget', () => {
      for (const { unit } of units) this.states.delete(unit);
    });

  get inTraffic(): readonly string[] {
    return [...this.states]
      .filter(([, state]) => state === 'in-traffic')
      .map(([unit]) => unit)
      .sort();
  }

  #change(verb: string, change: () => void): void {
    this.#failed(verb, 'before');
    change();
    this.#failed(verb, 'after');
  }

  #failed(verb: string, when: 'before' | 'after'): void {
    const error = this.fault(verb, when);
    if (error !== undefined) throw translateSdkError(error, `${verb} units`);
  }
}
