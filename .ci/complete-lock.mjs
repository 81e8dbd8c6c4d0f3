// node .ci/complete-lock.mjs: adds the entries of platform packages that npm leaves out of package-lock.json when its
// registry does not offer them (https://github.com/npm/cli/issues/9846), without which `npm ci` refuses the file, and
// a Mac or an Alpine machine would get no binary. Run it after `npm install`; it changes nothing when all is
// there. With --check it only looks, and fails when something is missing.
import { readFileSync, writeFileSync } from 'node:fs';

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));

/** Where npm looks for a dependency of the package at `path`: beside it, then in every folder above. */
function isLocked(path, name) {
  for (let base = path; ; base = base.slice(0, Math.max(base.lastIndexOf('/node_modules/'), 0))) {
    if (lock.packages[`${base === '' ? '' : `${base}/`}node_modules/${name}`] !== undefined) return true;
    if (base === '') return false;
  }
}

/** An entry by which npm sees on which platforms the package is wanted, read off its name: cli-linux-x64-musl. */
function platformEntry(name, version, { dev }) {
  const words = name.split('/').at(-1).split('-');
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  if (os.length + cpu.length === 0 || !/^\d/.test(version))
    throw new Error(`${name}@${version} is no package for one platform: complete package-lock.json by hand.`);
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : undefined;
  return {
    version,
    cpu,
    ...(dev ? { dev } : {}),
    ...(libc ? { libc } : {}),
    optional: true,
    ...(os.length ? { os } : {}),
  };
}

const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
  Object.entries(entry.optionalDependencies ?? {})
    .filter(([name]) => !isLocked(path, name))
    .map(([name, version]) => [`node_modules/${name}`, platformEntry(name, version, entry)]),
);
const [root, ...rest] = Object.entries(lock.packages);
const order = new Intl.Collator('en').compare;
lock.packages = Object.fromEntries([
  root,
  ...[...rest, ...missing].sort(([one], [other]) => order(one, other)),
]);
const checkOnly = process.argv.includes('--check');
if (missing.length > 0 && !checkOnly)
  writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(
  checkOnly
    ? `${missing.length} entries are missing in package-lock.json; node .ci/complete-lock.mjs adds them\n`
    : `${missing.length} entries added to package-lock.json\n`,
);
process.exitCode = checkOnly && missing.length > 0 ? 1 : 0;
