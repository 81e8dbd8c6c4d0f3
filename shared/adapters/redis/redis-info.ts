import { ControllerError } from '../../core/controller-error.ts';
import type { CacheServerInfo } from '../../ports/cache-store.ts';

/**
 * What the answers of INFO say together, one of each primary node.
 * https://redis.io/docs/latest/commands/info/
 * @throws ControllerError `rejected` when one of them leaves out what is asked: missing is not zero.
 */
export function serverInfo(answers: readonly string[]): CacheServerInfo {
  const nodes = answers.map(nodeInfo);
  const sum = (of: (node: NodeInfo) => number): number => nodes.reduce((total, node) => total + of(node), 0);
  return {
    nodes: nodes.length,
    keys: sum(({ keys }) => keys),
    hits: sum(({ hits }) => hits),
    misses: sum(({ misses }) => misses),
    evictions: sum(({ evictions }) => evictions),
    usedBytes: sum(({ usedBytes }) => usedBytes),
    maxBytes: nodes.every(({ maxBytes }) => maxBytes > 0) ? sum(({ maxBytes }) => maxBytes) : null,
  };
}

type NodeInfo = Readonly<Record<'keys' | 'hits' | 'misses' | 'evictions' | 'usedBytes' | 'maxBytes', number>>;

function nodeInfo(text: string): NodeInfo {
  // A database without keys has no line.
  const databases = [...text.matchAll(/^db\d+:keys=(\d+)/gm)];
  return {
    keys: databases.reduce((keys, [, count]) => keys + Number(count), 0),
    hits: field(text, 'keyspace_hits'),
    misses: field(text, 'keyspace_misses'),
    evictions: field(text, 'evicted_keys'),
    usedBytes: field(text, 'used_memory'),
    // Not in every managed service: then there is no limit that we know.
    maxBytes: Number(/^maxmemory:(\d+)/m.exec(text)?.[1] ?? 0),
  };
}

function field(text: string, name: string): number {
  const value = new RegExp(`^${name}:(\\d+)`, 'm').exec(text)?.[1];
  if (value !== undefined) return Number(value);
  throw new ControllerError('rejected', `The cache server's INFO does not say ${name}.`, {
    retryable: false,
  });
}
