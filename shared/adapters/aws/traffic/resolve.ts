import { lookup } from 'node:dns/promises';

/** The IPv4 address of a host; null = it has none now. */
export type Resolve = (host: string) => Promise<string | null>;

/**
 * Asks the resolver of the system. Within its VPC the name of a database is its private address, which is what a target group takes.
 * A name that is not known, as that of an instance that is gone, has none; any other failure of the resolver is thrown.
 */
export const resolveByDns: Resolve = async (host) => {
  try {
    return (await lookup(host, { family: 4 })).address;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTFOUND') return null;
    throw error;
  }
};
