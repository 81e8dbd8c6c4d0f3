import type { PlantEvent } from '../../../shared/simulation/plant-event.ts';
import type { SeededRandom } from '../../../shared/simulation/seeded-random.ts';
import { awsError } from '../aws-endpoint/errors.ts';
import type { Call } from '../aws-endpoint/options.ts';
import { type Fault, seconds } from './happening-schema.ts';

type CallFault = Extract<Fault, { kind: 'aws-calls' }>;
type EventFault = Extract<Fault, { kind: 'events' }>;

interface Active<F> {
  readonly fault: F;
  left: number;
}

/** One in so many is how fine a share of calls is drawn. */
const FINENESS = 1_000_000;

/** What is wrong between the controller and its account at this moment. */
export class Weather {
  readonly #random: SeededRandom;
  #calls: readonly Active<CallFault>[] = [];
  #events: readonly EventFault[] = [];
  #ticksMissing = 0;
  skewSeconds = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** Whether the tick of this minute comes. */
  get ticks(): boolean {
    return this.#ticksMissing === 0;
  }

  /** Begins a fault, and answers how it ends. */
  begin(
    fault: CallFault | EventFault | Extract<Fault, { kind: 'clock-skew' | 'ticks-missing' }>,
  ): () => void {
    switch (fault.kind) {
      case 'aws-calls': {
        const active = { fault, left: fault.count ?? Number.POSITIVE_INFINITY };
        this.#calls = [...this.#calls, active];
        return () => {
          this.#calls = this.#calls.filter((each) => each !== active);
        };
      }
      case 'events':
        this.#events = [...this.#events, fault];
        return () => {
          this.#events = this.#events.filter((each) => each !== fault);
        };
      case 'clock-skew':
        this.skewSeconds += fault.seconds;
        return () => {
          this.skewSeconds -= fault.seconds;
        };
      case 'ticks-missing':
        this.#ticksMissing += 1;
        return () => {
          this.#ticksMissing -= 1;
        };
    }
  }

  /** The answer that a fault gives to a call in place of the service; undefined = the service answers. */
  answerOf(call: Call): Error | undefined {
    const fault = this.#take(call, ({ answer }) => answer !== 'lost');
    switch (fault?.answer) {
      case 'throttled':
        return awsError('ThrottlingException', 'Rate exceeded');
      case 'error':
        return awsError(
          'InternalFailure',
          'The request processing has failed because of an unknown error.',
          500,
        );
      case 'denied':
        return awsError('AccessDeniedException', `not authorized to perform ${call.operation}`, 403);
      default:
        return undefined;
    }
  }

  /** Whether the answer to a call is lost on its way. */
  loses(call: Call): boolean {
    return this.#take(call, ({ answer }) => answer === 'lost') !== undefined;
  }

  /** After how many seconds each copy of an event arrives; none for one that is lost. */
  arrivalsOf({ source }: PlantEvent): readonly number[] {
    const faults = this.#events.filter((fault) => fault.source === undefined || fault.source === source);
    if (faults.some(({ effect }) => effect === 'lost')) return [];
    const delay = faults.reduce(
      (sum, fault) => sum + (fault.delay === undefined ? 0 : seconds(fault.delay)),
      0,
    );
    return faults.some(({ effect }) => effect === 'duplicated') ? [delay, delay + 1] : [delay];
  }

  #take(call: Call, fits: (fault: CallFault) => boolean): CallFault | undefined {
    const active = this.#calls.find(
      ({ fault, left }) =>
        left > 0 &&
        fits(fault) &&
        (fault.service ?? call.service) === call.service &&
        (fault.operation ?? call.operation) === call.operation &&
        (fault.share === undefined || this.#random.between(1, FINENESS) <= fault.share * FINENESS),
    );
    if (active === undefined) return undefined;
    active.left -= 1;
    return active.fault;
  }
}
