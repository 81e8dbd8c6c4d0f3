import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Cache } from '../../shared/cache/cache.ts';
import type { CalendarSource } from '../../shared/ports/calendar.ts';
import type { EventSink } from '../../shared/ports/event-sink.ts';
import type { Failover } from '../../shared/ports/failover.ts';
import type { MetricSource } from '../../shared/ports/metric-source.ts';
import type { Ownership } from '../../shared/ports/ownership.ts';
import type { ReceiptStore } from '../../shared/ports/receipt-store.ts';
import type { OwnCacheParts } from './cache.ts';

// A client of the SDK costs tens of milliseconds of a cold start. What not every invocation needs is loaded by the first
// that does; the modules behind these imports become chunks of their own.

/** The account's metrics; CloudWatch's client is loaded by the first read. */
export function lazyMetrics(): MetricSource {
  const source = once(async () => (await import('./cloudwatch.ts')).connectCloudWatch());
  return { read: async (requests, now) => (await source()).read(requests, now) };
}

/** Time zones and cron; loaded by the first policy with a schedule. */
export function lazyCalendar(): CalendarSource {
  const calendar = once(async () =>
    (await import('../../shared/adapters/calendar/croner-calendar.ts')).cronerCalendar(),
  );
  return { at: async (schedule, now) => (await calendar()).at(schedule, now) };
}

/** Who else scales a target; the client of Application Auto Scaling is loaded by the first look. */
export function lazyOwnership(): Ownership {
  const ownership = once(async () => (await import('./application-auto-scaling.ts')).connectOwnership());
  return { ownersOf: async (targets) => (await ownership()).ownersOf(targets) };
}

/** Promotions of replicas; the client of RDS is loaded by the first request for one. */
export function lazyFailover(): Failover {
  const failover = once(async () => (await import('./failover.ts')).connectPromotions());
  return {
    look: async (target, now) => (await failover()).look(target, now),
    promote: async (target, replica) => (await failover()).promote(target, replica),
  };
}

/** The receipts of decisions; most invocations store none. */
export function lazyReceipts(
  documents: DynamoDBDocumentClient,
  table: string,
  retentionSeconds: number,
): ReceiptStore {
  const store = once(async () =>
    (await import('./receipts.ts')).openReceipts(documents, table, retentionSeconds),
  );
  return {
    put: async (receipt) => (await store()).put(receipt),
    list: async (query) => (await store()).list(query),
  };
}

/** The API's own cache; most invocations read nothing that may be kept. */
export const lazyCache = (parts: OwnCacheParts): (() => Promise<Cache>) =>
  once(async () => (await import('./cache.ts')).openCache(parts));

/** The event bus and, where there is one, the topic; their clients are loaded by the first event. */
export function lazySinks(eventBusName: string, topicArn: string | undefined): readonly EventSink[] {
  const bus = once(async () => (await import('./event-bridge.ts')).connectEventBus(eventBusName));
  const sinks = [lazySink(bus)];
  if (topicArn !== undefined) {
    sinks.push(lazySink(once(async () => (await import('./sns.ts')).connectTopic(topicArn))));
  }
  return sinks;
}

const lazySink = (sink: () => Promise<EventSink>): EventSink => ({
  publish: async (events) => (await sink()).publish(events),
});

function once<T>(connect: () => Promise<T>): () => Promise<T> {
  let connected: Promise<T> | undefined;
  return () => {
    connected ??= connect();
    return connected;
  };
}
