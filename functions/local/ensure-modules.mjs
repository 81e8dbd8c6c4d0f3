// Runs before `npm start`, `npm test` and `npm run plimsoll`: a fresh clone sets itself up, and so does a checkout whose
// lock file has moved on. It must work while nothing is installed, so it uses what Node brings along and nothing else.
import { spawnSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const MINIMUM_NODE = [20, 19];

// Standard error: the standard output of the command that follows may be read by a program.
const say = (message) => process.stderr.write(`plimsoll: ${message}\n`);

const packagesOf = (path) => {
  try {
    return JSON.parse(readFileSync(join(ROOT, path), 'utf8')).packages ?? {};
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw new Error(
      `${path} cannot be read (${error.message}); restore it from git, or delete node_modules.`,
    );
  }
};

/** Why modules have to be installed, or null: npm notes in node_modules/.package-lock.json what it has put there. */
function whatIsWrong() {
  const wanted = packagesOf('package-lock.json');
  if (wanted === null) throw new Error('package-lock.json is missing; restore it from git.');
  const present = packagesOf('node_modules/.package-lock.json');
  if (present === null) return 'modules are missing';
  const isStale = ([path, { version, integrity, optional }]) => {
    const found = present[path];
    // Optional packages are left out on platforms they are not made for.
    if (found === undefined) return path.startsWith('node_modules/') && optional !== true;
    return found.version !== version || found.integrity !== integrity;
  };
  return Object.entries(wanted).some(([path, entry]) => path !== '' && isStale([path, entry]))
    ? 'modules are older than package-lock.json'
    : null;
}

function install(reason) {
  // npm ci would empty what the link leads to, which another checkout uses.
  if (lstatSync(join(ROOT, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new Error(
      `${reason}, and node_modules is a link; install them where it leads to, or remove the link.`,
    );
  }
  say(`${reason}: installing them with npm ci …`);
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const options = { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] };
  const { status, error } =
    npm === undefined
      ? spawnSync('npm', args, { ...options, shell: process.platform === 'win32' })
      : spawnSync(process.execPath, [npm, ...args], options);
  if (error !== undefined) throw new Error(`npm cannot be started (${error.message}); install npm.`);
  if (status !== 0)
    throw new Error(`npm ci failed with exit code ${status}; see its messages above, then run it yourself.`);
}

function assertNodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = MINIMUM_NODE;
  if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor))
    throw new Error(`Node ${process.versions.node} is too old; install ${MINIMUM_NODE.join('.')} or newer.`);
}

try {
  assertNodeVersion();
  const reason = whatIsWrong();
  if (reason !== null) install(reason);
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
