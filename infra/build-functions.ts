import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { type PolicyBundle, serializePolicies } from '../shared/config/compiled-policies.ts';
import { FUNCTION_ENVIRONMENTS } from '../shared/config/function-env.ts';
import { jsonProtocolsAtStart } from './json-protocols-at-start.ts';

/** The root of the project: paths here do not depend on where a command was started. */
export const PROJECT_ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The folder that is deployed: one for all functions, because they share chunks. */
export const FUNCTIONS_DIR = join(PROJECT_ROOT, 'dist/functions');

/** A built entry: what a cold start reads first, and with it all that it imports at once. */
export interface BundleSize {
  readonly name: string;
  /** Bytes of the file that Lambda loads. */
  readonly entryBytes: number;
  /** Bytes of that file and of the chunks that it imports at once: what a cold start reads. */
  readonly startBytes: number;
  /** The same with all that is imported on demand. */
  readonly totalBytes: number;
}

/**
 * Builds all functions in one call, so that they share their chunks, and puts the compiled policies beside them.
 * Measurements and tests give a folder of their own, so as not to take the ground from under a synthesis.
 */
export async function buildFunctions(
  policies: PolicyBundle,
  outdir: string = FUNCTIONS_DIR,
): Promise<Metafile> {
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: PROJECT_ROOT,
    entryPoints: Object.keys(FUNCTION_ENVIRONMENTS).map((name) => ({
      in: `functions/${name}/handler.ts`,
      out: `${name}/handler`,
    })),
    outdir,
    outExtension: { '.js': '.mjs' },
    // One level down, like the entries: whatever reads a file beside the bundles finds it from both.
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // The SDK's ES modules can be shaken; its CommonJS ones, which esbuild would take for this platform, double the bundle.
    mainFields: ['module', 'main'],
    sourcemap: 'external',
    plugins: [jsonProtocolsAtStart],
    metafile: true,
    logLevel: 'warning',
    banner: {
      js: "import{createRequire as plimsollRequire}from'node:module';const require=plimsollRequire(import.meta.url);",
    },
  });
  // Every bundle and chunk lies one level below, and looks for the file beside its folder.
  writeFileSync(join(outdir, 'policies.json'), serializePolicies(policies));
  // Beside the folder, not in it: what is in it is deployed.
  writeFileSync(`${outdir}.metafile.json`, JSON.stringify(metafile));
  return metafile;
}

/** The sizes of the entries, in bytes. */
export function bundleSizes({ outputs }: Metafile): readonly BundleSize[] {
  const reach = (path: string, lazy: boolean, seen: Set<string> = new Set()): Set<string> => {
    const output = outputs[path];
    if (output === undefined || seen.has(path)) return seen;
    seen.add(path);
    for (const { path: next, kind } of output.imports) {
      if (kind === 'import-statement' || (lazy && kind === 'dynamic-import')) reach(next, lazy, seen);
    }
    return seen;
  };
  const bytes = (paths: Set<string>) =>
    [...paths].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0);
  return Object.keys(outputs)
    .filter((path) => path.endsWith('/handler.mjs'))
    .map((path) => ({
      name: path.split('/').at(-2) ?? path,
      entryBytes: bytes(new Set([path])),
      startBytes: bytes(reach(path, false)),
      totalBytes: bytes(reach(path, true)),
    }));
}
