import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/** Set on a resolution that the plugin itself asks for. */
const ASKED = Symbol('asked by the plugin');

/** What is there from the start: the client of the ledger, which speaks JSON. */
const AT_START = /@aws-sdk\/(client-dynamodb|dynamodb-codec)\//;

const OTHER_PROTOCOLS = /^export \{.*\} from "\.\/(cbor|query|xml|json\/Aws(RestJson|SmithyRpc))[\w/]*";\n/gm;

/**
 * One file of the SDK exports all of its protocols, and esbuild divides files among chunks, not exports: with one client of XML anywhere,
 * every function reads XML at its cold start. So the client of the ledger sees that file without the protocols that it does not speak.
 * An export that is missing one day fails the build.
 */
export const jsonProtocolsAtStart: Plugin = {
  name: 'json-protocols-at-start',
  setup(build) {
    build.onResolve({ filter: /^@aws-sdk\/core\/protocols$/ }, async (args) => {
      const { path, importer, kind, resolveDir, pluginData } = args;
      if (pluginData === ASKED || !AT_START.test(importer)) return undefined;
      const found = await build.resolve(path, { importer, kind, resolveDir, pluginData: ASKED });
      return { path: found.path, errors: found.errors, sideEffects: found.sideEffects, suffix: '?json' };
    });
    build.onLoad({ filter: /\/protocols\/index\.js$/ }, ({ path, suffix }) =>
      suffix === '?json' ? { contents: readFileSync(path, 'utf8').replace(OTHER_PROTOCOLS, '') } : undefined,
    );
  },
};
