/**
 * The names and keys of the ledger's DynamoDB table, in one place: infra declares the table from them, the DynamoDB
 * adapter writes to it, local mode and tests create it.
 *
 * Items: a target's head at (`target#<id>`, `head`), its events at (`target#<id>`, `event#<milliseconds>#<event id>`), its
 * receipts at (`target#<id>`, `receipt#<milliseconds>#<decision id>`). The stream carries all kinds: the relay wants heads alone, so filter its source on the sort key {@link HEAD_KEY}.
 */
export const TABLE = {
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  /** Epoch seconds; only events and receipts have it, so heads never expire. */
  ttlAttribute: 'expiresAt',
  streamViewType: 'NEW_IMAGE',
  indexes: {
    /** Sparse: a head has its two attributes only while its target is awake. */
    wakeAt: {
      name: 'wakeAt',
      partitionKey: { name: 'awake', type: 'S' },
      sortKey: { name: 'wakeAt', type: 'N' },
      projection: 'KEYS_ONLY',
    },
    /** Every event of every target in the order of time. One partition: fit for a thousand events a second. */
    eventsByTime: {
      name: 'eventsByTime',
      partitionKey: { name: 'log', type: 'S' },
      sortKey: { name: 'logKey', type: 'S' },
      projection: 'ALL',
    },
  },
} as const;

/** The sort key of head items. */
export const HEAD_KEY = 'head';
