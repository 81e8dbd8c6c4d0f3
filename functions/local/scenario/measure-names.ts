/** The sizes of every target, as `<policy>.<size>`. */
export const SIZES = ['desired', 'running', 'ready', 'pending'] as const;

/** The sizes of a target in units, or places on its ladder. */
export type Sizes = Readonly<Record<(typeof SIZES)[number], number>>;

/** What is measured of databases. Counts of queries and connections are of one second; those of deletions, of the run so far. */
export const DATABASE_MEASURES = [
  'connections.wanted',
  'connections.open',
  'connections.capacity',
  'connections.refused',
  'database.reads',
  'database.writes',
  'database.queries',
  'database.failedReads',
  'database.failedWrites',
  'database.overloaded',
  'database.notReady',
  'database.neverReady',
  'database.cpu',
  'database.lag',
  'database.instances',
  'database.deletions',
  'database.deletionsOfOthers',
  'database.earlyDeletions',
] as const;

/** What is measured of caches, in percent. */
export const CACHE_MEASURES = ['cache.hitRate', 'cache.warm', 'cache.migration'] as const;

/** What all nodes that are ready allow, as the connection budget of an application has it. */
export const BUDGET_MEASURE = 'connections.budget';
