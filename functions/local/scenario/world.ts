import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import type { ClientPlace } from '../../../shared/adapters/aws/client-options.ts';
import { MemoryEventLog } from '../../../shared/adapters/memory/memory-event-log.ts';
import { MemoryLedger } from '../../../shared/adapters/memory/memory-ledger.ts';
import { MemoryReceipts } from '../../../shared/adapters/memory/memory-receipts.ts';
import { SequentialIds } from '../../../shared/adapters/memory/sequential-ids.ts';
import { instant, plusSeconds } from '../../../shared/core/time.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { Telemetry } from '../../../shared/ports/telemetry.ts';
import { createPlant, type Plant } from '../../../shared/simulation/plant.ts';
import { seededRandom } from '../../../shared/simulation/seeded-random.ts';
import { VirtualClock } from '../../../shared/simulation/virtual-clock.ts';
import type { Workload } from '../../../shared/simulation/workload.ts';
import { type Carry, inProcessTransport } from '../aws-endpoint/in-process.ts';
import { awsServices } from '../aws-services/aws-services.ts';
import {
  composeLocalController,
  dynamoStore,
  type LocalController,
  type LocalStore,
} from '../local-controller.ts';
import { type Mortality, mortal } from './mortality.ts';
import type { RunRecord } from './run-record.ts';
import type { Scenario, Variant } from './scenario.ts';
import { Weather } from './weather.ts';

const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** One run: an account, what stands between it and the controller, and the controller of the moment. */
export interface World {
  readonly scenario: Scenario;
  readonly variant: Variant;
  readonly plant: Plant;
  readonly clock: VirtualClock;
  readonly weather: Weather;
  readonly mortality: Mortality;
  readonly record: RunRecord;
  /** The controller that is alive now. */
  readonly controller: () => LocalController;
  /** Lets another controller take over, with the same ledger. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What a run is made of. */
export interface WorldOptions {
  readonly scenario: Scenario;
  readonly variant: Variant;
  readonly workload: Workload;
  readonly record: RunRecord;
  readonly mortality: Mortality;
}

/** Opens the account of a run, and starts the controller of the product in it. */
export async function openWorld({
  scenario,
  variant,
  workload,
  record,
  mortality,
}: WorldOptions): Promise<World> {
  const { start, loadModel } = scenario;
  const { policies, applications } = variant;
  const plant = createPlant({
    policies,
    workload,
    start,
    seed: record.seed,
    loadModel,
    ...scenario.resources,
  });
  const clock = new VirtualClock(start);
  const weather = new Weather(seededRandom(record.seed, 'weather'));
  // Its own watch: what it measures with may be wrong.
  const watch: Clock = { now: () => plusSeconds(clock.now(), weather.skewSeconds) };
  const place: ClientPlace = {
    endpoint: 'http://account.local',
    region: plant.identity.region,
    credentials: CREDENTIALS,
    transport: inProcessTransport({
      services: awsServices(plant),
      faults: (call) => weather.answerOf(call),
      onCall: ({ operation, outcome }) => record.call(operation, outcome),
      onHandlerFailure: (error, { operation }) =>
        record.problem(`The account could not answer ${operation}: ${String(error)}`),
      carry: carriedBy(weather, mortality),
    }),
  };
  const opened = scenario.ledger === 'memory' ? memoryStore(watch) : await tableStore(place, watch);
  const store: LocalStore = {
    heads: mortal(opened.heads, 'ledger', mortality),
    events: mortal(opened.events, 'events', mortality),
    receipts: mortal(opened.receipts, 'receipts', mortality),
    close() {},
  };
  const ids = new SequentialIds('run');
  const telemetry = telemetryOf(record);
  const compose = () =>
    composeLocalController({
      policies,
      applications,
      clock: watch,
      place,
      resolve: plant.databases.resolve,
      store,
      ids,
      telemetry,
      sinks: [record],
    });
  let controller = await compose();
  return {
    ...{ scenario, variant, plant, clock, weather, mortality, record },
    controller: () => controller,
    restart: async () => {
      controller.close();
      controller = await compose();
    },
    close: async () => {
      controller.close();
      await opened.close();
    },
  };
}

const carriedBy =
  (weather: Weather, mortality: Mortality): Carry =>
  (call, takeEffect) =>
    mortality.carry(`${call.service} ${call.operation}`, async () => {
      const result = await takeEffect();
      if (weather.loses(call)) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      return result;
    });

interface OpenedStore extends Omit<LocalStore, 'close'> {
  close(): Promise<void> | void;
}

const memoryStore = (clock: Clock): OpenedStore => ({
  heads: new MemoryLedger(),
  events: new MemoryEventLog(clock),
  receipts: new MemoryReceipts(clock),
  close() {},
});

/** The embedded DynamoDB on a free port of the loopback: slower, and the real adapters. */
async function tableStore({ region, credentials }: ClientPlace, clock: Clock): Promise<OpenedStore> {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const place = { endpoint: `http://127.0.0.1:${port}`, region, credentials } as ClientPlace;
  const store = await dynamoStore(place, clock);
  return {
    ...store,
    close: async () => {
      store.close();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

const telemetryOf = (record: RunRecord): Telemetry => ({
  decided({ policy, decision }) {
    record.decisions.push({ second: record.second, policy: policy.name, decision });
  },
  settled() {},
  ledgerConflict: (target) => record.problem(`${target} was written by somebody else first.`),
  swept() {},
  problem: (message, { error }) =>
    record.problem(error === undefined ? message : `${message}: ${String(error)}`),
});

/** A moment of a run. */
export const momentOf = ({ scenario }: World, second: number) => instant(scenario.start + second * 1000);
