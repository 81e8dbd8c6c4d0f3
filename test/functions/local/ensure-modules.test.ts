import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const SCRIPT = 'functions/local/ensure-modules.mjs';
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** A clone with one dependency, which lies in the clone itself, so that no registry is asked. */
function aClone(version = '1.0.0'): string {
  const folder = mkdtempSync(join(tmpdir(), 'ensure-modules-'));
  folders.push(folder);
  mkdirSync(join(folder, 'part'));
  cpSync(SCRIPT, join(folder, SCRIPT));
  const manifest = { name: 'clone', version: '1.0.0', dependencies: { part: 'file:part' } };
  writeFileSync(join(folder, 'package.json'), json(manifest));
  lock(folder, version);
  return folder;
}

function lock(folder: string, version: string): void {
  writeFileSync(join(folder, 'part/package.json'), json({ name: 'part', version }));
  const packages = {
    '': { name: 'clone', version: '1.0.0', dependencies: { part: 'file:part' } },
    part: { version },
    'node_modules/part': { resolved: 'part', link: true },
  };
  writeFileSync(
    join(folder, 'package-lock.json'),
    json({ name: 'clone', version: '1.0.0', lockfileVersion: 3, requires: true, packages }),
  );
}

function ensure(folder: string, env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, SCRIPT)], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
  });
  return { status, stdout, stderr };
}

describe('a checkout before its first command', () => {
  it('installs its modules, says so in one line, and is silent from then on', () => {
    const clone = aClone();
    expect(ensure(clone)).toEqual({
      status: 0,
      stdout: '',
      stderr: 'plimsoll: modules are missing: installing them with npm ci …\n',
    });
    expect(existsSync(join(clone, 'node_modules/part/package.json'))).toBe(true);
    expect(ensure(clone)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('installs again when its lock file has moved on', () => {
    const clone = aClone();
    ensure(clone);
    lock(clone, '1.1.0');
    expect(ensure(clone).stderr).toContain('modules are older than package-lock.json');
    const installed = readFileSync(join(clone, 'node_modules/.package-lock.json'), 'utf8');
    expect(installed).toContain('1.1.0');
    expect(ensure(clone).stderr).toBe('');
  });

  it('fails with what npm says when the manifest and the lock file disagree', () => {
    const clone = aClone();
    const manifest = {
      name: 'clone',
      version: '1.0.0',
      dependencies: { part: 'file:part', other: 'file:other' },
    };
    writeFileSync(join(clone, 'package.json'), json(manifest));
    const { status, stderr } = ensure(clone);
    expect(status).toBe(1);
    expect(stderr).toContain('npm ci failed with exit code 1');
  });

  it('fails clearly without a lock file, with a broken one, and without npm', () => {
    const without = aClone();
    rmSync(join(without, 'package-lock.json'));
    expect(ensure(without)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is missing; restore'),
    });
    writeFileSync(join(without, 'package-lock.json'), '{');
    expect(ensure(without)).toMatchObject({ status: 1, stderr: expect.stringContaining('cannot be read') });
    const noNpm = ensure(aClone(), { PATH: '/nowhere' });
    expect(noNpm).toMatchObject({ status: 1, stderr: expect.stringContaining('npm cannot be started') });
  });

  it('finds nothing to do beside the lock files of this checkout, optional packages included', () => {
    const clone = aClone();
    mkdirSync(join(clone, 'node_modules'));
    for (const file of ['package-lock.json', 'node_modules/.package-lock.json'])
      cpSync(file, join(clone, file));
    // Nowhere is no npm: an attempt to install would fail.
    expect(ensure(clone, { PATH: '/nowhere' })).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});
