import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFunctions, bundleSizes, PROJECT_ROOT } from '../../infra/build-functions.ts';
import { deserializePolicies } from '../../shared/config/compiled-policies.ts';
import { FUNCTION_ENVIRONMENTS } from '../../shared/config/function-env.ts';
import { aPolicy } from '../support/a-policy.ts';

/** Bytes: what one file of a function may have, and what all that a cold start reads may have. */
// The API answers people, carries their requests' contracts, and is in nobody's way when an alarm rings.
const BUDGET = { entry: 170_000, start: 412_000, startOfApi: 478_000 } as const;

const names = Object.keys(FUNCTION_ENVIRONMENTS);

describe('the built functions', () => {
  let work = '';
  let metafile: Awaited<ReturnType<typeof buildFunctions>>;

  beforeAll(async () => {
    mkdirSync(join(PROJECT_ROOT, 'dist'), { recursive: true });
    work = mkdtempSync(join(PROJECT_ROOT, 'dist/test-'));
    metafile = await buildFunctions({ policies: [aPolicy()], applications: [] }, join(work, 'functions'));
  });
  afterAll(() => rmSync(work, { recursive: true }));

  it('stay within the budget of a cold start', () => {
    const sizes = bundleSizes(metafile);
    expect(sizes.map(({ name }) => name).sort()).toEqual([...names].sort());
    for (const { name, entryBytes, startBytes } of sizes) {
      expect(entryBytes, name).toBeLessThanOrEqual(BUDGET.entry);
      expect(startBytes, name).toBeLessThanOrEqual(name === 'api' ? BUDGET.startOfApi : BUDGET.start);
    }
  });

  it('leave every client but the one of the ledger for when it is needed', () => {
    const clients = readAtStart().flatMap((input) => /@aws-sdk\/(client-[\w-]+)\//.exec(input)?.[1] ?? []);
    expect(new Set(clients)).toEqual(new Set(['client-dynamodb']));
  });

  it('leave for then what resizes, drives databases and caches, and speaks XML', () => {
    const later =
      /adapters\/aws\/(?!targets)[\w/-]*(target|traffic|rds|aurora|elasticache)|node_modules\/(pg|ioredis|croner)\/|protocols\/(xml|query)\//;
    expect(readAtStart().filter((input) => later.test(input))).toEqual([]);
  });

  it('carry neither the large form of zod, nor YAML, nor a second copy of a package', () => {
    const inputs = Object.keys(metafile.inputs);
    expect(inputs.filter((input) => /zod\/v4\/classic|node_modules\/yaml\//.test(input))).toEqual([]);
    expect(inputs.filter((input) => /node_modules\/.*node_modules\//.test(input))).toEqual([]);
  });

  it('carry all that they import but Node itself', () => {
    const outside = Object.values(metafile.outputs).flatMap(({ imports }) =>
      // The native client of pg is loaded only by whoever asks for it, and nobody does.
      imports.filter(
        ({ external, path }) => external && path !== 'pg-native' && !/^(node:)?[a-z_0-9/]+$/.test(path),
      ),
    );
    expect(outside).toEqual([]);
  });

  it('find the compiled policies one level above every file', () => {
    const text = readFileSync(join(work, 'functions/policies.json'), 'utf8');
    expect(deserializePolicies(text)).toEqual({ policies: [aPolicy()], applications: [] });
    const files = Object.keys(metafile.outputs).map((path) => path.split('/functions/').at(-1) ?? path);
    for (const file of files) expect(file.split('/')).toHaveLength(2);
  });

  /** Sources in the entries and in what they import at once. */
  function readAtStart(): readonly string[] {
    const seen = new Set<string>();
    const visit = (path: string): void => {
      const output = metafile.outputs[path];
      if (output === undefined || seen.has(path)) return;
      seen.add(path);
      for (const next of output.imports) if (next.kind === 'import-statement') visit(next.path);
    };
    for (const path of Object.keys(metafile.outputs)) if (path.endsWith('/handler.mjs')) visit(path);
    return [...seen].flatMap((path) => Object.keys(metafile.outputs[path]?.inputs ?? {}));
  }
});
