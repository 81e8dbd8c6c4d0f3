import { buildFunctions, bundleSizes } from './build-functions.ts';
import { readPolicies } from './read-policies.ts';
import { sayWhy } from './say-why.ts';

/** `npm run -s build [-- POLICIES]`: what `cdk synth` builds, without the synthesis. Prints the sizes. */
async function main(): Promise<void> {
  const metafile = await buildFunctions(await readPolicies(process.argv[2] ?? 'policies'));
  for (const { name, entryBytes, startBytes, totalBytes } of bundleSizes(metafile)) {
    const [entry, start, total] = [entryBytes, startBytes, totalBytes].map((bytes) =>
      (bytes / 1000).toFixed(1),
    );
    console.log(
      `${name}: entry ${entry} kB, with its chunks ${start} kB at a cold start, ${total} kB with what is loaded on demand`,
    );
  }
}

await main().catch(sayWhy);
