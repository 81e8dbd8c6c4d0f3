import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, it } from 'vitest';

/** A real server for one suite, in a folder and on a port of its own. */
export interface RedisServer {
  readonly port: number;
  /** The process ends at once, as when a machine is lost. */
  kill(): Promise<void>;
  /** A new process on the same port, with nothing in it. */
  start(): Promise<void>;
}

const found = (command: string): boolean =>
  spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;

/** Whether the programs are on this machine. CI has them all: there, a missing one fails the suite. */
export function withPrograms(commands: readonly string[], name: string, suite: () => void): void {
  const missing = commands.filter((command) => !found(command));
  if (missing.length === 0) describe(name, suite);
  else if (process.env['CI'] === undefined) {
    describe.skip(`${name} (skipped: ${missing.join(' and ')} not found)`, () => it('needs it', () => {}));
  } else {
    it(name, () => {
      throw new Error(`${missing.join(' and ')} not found: apt-get install redis-server openssl`);
    });
  }
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

const servers = new Set<{ readonly stop: () => Promise<void> }>();

/** Starts a server on a free port; `TLS` takes the files of a certificate instead of plain text. */
export async function startRedis(options: readonly string[] = [], port?: number): Promise<RedisServer> {
  const at = port ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-redis-'));
  let child: ChildProcess | null = null;
  const kill = async (): Promise<void> => {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null) return;
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill('SIGKILL');
    await ended;
  };
  const start = async (): Promise<void> => {
    const args = ['--port', String(at), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const started = spawn('redis-server', [...args, '--dir', folder, ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = started;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      started.stdout.on('data', (text) => {
        said += String(text);
        if (said.includes('Ready to accept connections')) resolve();
      });
      started.once('exit', () => reject(new Error(`redis-server has ended:\n${said}`)));
    });
  };
  await start();
  servers.add({
    stop: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  });
  return { port: at, kill, start };
}

/** Ends every server that the suite has started. */
export async function stopRedis(): Promise<void> {
  await Promise.all([...servers].map(({ stop }) => stop()));
  servers.clear();
}

/** Starts a cluster of three nodes without replicas; the port of one of them. */
export async function startRedisCluster(): Promise<number> {
  const options = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'];
  const nodes: RedisServer[] = [];
  for (let node = 0; node < 3; node += 1) nodes.push(await startRedis(options, await busPort()));
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  const made = spawnSync('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes'], {
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`redis-cli: ${made.stdout}${made.stderr}`);
  const { port = 0 } = nodes[0] ?? {};
  for (let tries = 0; tries < 100; tries += 1) {
    const states = nodes.map((node) => ask(node.port, ['cluster', 'info']));
    if (states.every((state) => state.includes('cluster_state:ok'))) return port;
    await pause(100);
  }
  throw new Error('the cluster was not ready in 10 s');
}

/** Asks a server by its own client. */
export const ask = (port: number, command: readonly string[]): string =>
  spawnSync('redis-cli', ['-p', String(port), ...command], { encoding: 'utf8' }).stdout;

// Nodes talk to each other on the port 10,000 above theirs.
async function busPort(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (port < 55_000) return port;
  }
}
