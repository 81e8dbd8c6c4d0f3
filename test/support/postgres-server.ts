import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { describe, it } from 'vitest';
import { freePort } from './redis-server.ts';

/** A real PostgreSQL for one suite, in a folder and on a port of its own. */
export interface PostgresServer {
  readonly port: number;
  readonly user: string;
  /** Runs statements as the owner of everything. */
  query(text: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** When it was asked a statement by a program of this name, in its own words: milliseconds since the epoch, in order. */
  statements(application: string): readonly number[];
}

const ROOT = '/usr/lib/postgresql';

/** Where Debian puts the programs of the newest version, or null where there are none. */
function programs(): string | null {
  if (!existsSync(ROOT)) return null;
  const versions = readdirSync(ROOT).filter((version) => existsSync(join(ROOT, version, 'bin/initdb')));
  const [newest] = versions.sort((one, other) => Number(other) - Number(one));
  return newest === undefined ? null : join(ROOT, newest, 'bin');
}

/** Whether a PostgreSQL server is on this machine; in CI, where there must be one, a missing one fails the suite. */
export const hasPostgres = (): boolean => programs() !== null;

/** Runs a suite where PostgreSQL is found, says so where it is not, and fails it in CI. */
export function withPostgres(name: string, suite: () => void): void {
  if (hasPostgres()) describe(name, suite);
  else if (process.env['CI'] === undefined) {
    describe.skip(`${name} (skipped: PostgreSQL not found)`, () => it('needs it', () => {}));
  } else {
    it(name, () => {
      throw new Error('PostgreSQL not found: apt-get install postgresql');
    });
  }
}

const SETTINGS = [
  'fsync=off',
  'listen_addresses=127.0.0.1',
  'log_statement=all',
  // Seconds since the epoch, with milliseconds, and the name of the client.
  'log_line_prefix=%n [%a] ',
];

// PostgreSQL refuses to run as root; `nobody` has the same numbers on every Debian.
const NOBODY = 65_534;
const asWhom = () => (process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {});

const servers = new Set<() => Promise<void>>();

/** Starts a server on a free port, that trusts everybody on this machine. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = programs();
  if (bin === null) throw new Error('PostgreSQL not found: apt-get install postgresql');
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-postgres-'));
  if (process.getuid?.() === 0) chownSync(folder, NOBODY, NOBODY);
  const options = { ...asWhom(), cwd: folder, encoding: 'utf8' } as const;
  const data = join(folder, 'data');
  const made = spawnSync(join(bin, 'initdb'), ['-D', data, '-U', 'plimsoll', '-A', 'trust', '-N'], options);
  if (made.status !== 0) throw new Error(`initdb: ${made.stdout}${made.stderr}`);
  const log = join(folder, 'log');
  const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
  const child = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), '-k', folder, ...settings], {
    ...asWhom(),
    cwd: folder,
    stdio: ['ignore', 'ignore', openSync(log, 'a')],
  });
  servers.add(async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  });
  const query = async (text: string) => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'plimsoll', database: 'postgres' });
    await client.connect();
    try {
      return (await client.query<Readonly<Record<string, unknown>>>(text)).rows;
    } finally {
      await client.end();
    }
  };
  await answers(query);
  const statements = (application: string) =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.includes(`[${application}]`) && /LOG: {2}(execute|statement)/.test(line))
      .map((line) => Number(line.split(' ')[0]) * 1000);
  return { port, user: 'plimsoll', query, statements };
}

/** Ends every server that the suite has started. */
export async function stopPostgres(): Promise<void> {
  await Promise.all([...servers].map((stop) => stop()));
  servers.clear();
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  // SIGINT: connections are cut off, and nothing is waited for.
  child.kill('SIGINT');
  await exit;
}

async function answers(query: (text: string) => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await query('SELECT 1');
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await pause(100);
    }
  }
}
