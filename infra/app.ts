import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ControllerError } from '../shared/core/controller-error.ts';
import { buildFunctions, FUNCTIONS_DIR, PROJECT_ROOT } from './build-functions.ts';
import { ControllerStack, type ControllerStackProps } from './controller-stack.ts';
import { readPolicies } from './read-policies.ts';
import { sayWhy } from './say-why.ts';

/**
 * The CDK app: reads the policies, builds the functions with them, declares the stack. Building is part of it, so that nothing
 * stale is ever deployed.
 *
 * Context: `policies` (a folder, default `policies`), `ledger` (`retain`, the default, or `discard`).
 */
async function main(): Promise<void> {
  const app = new App({ analyticsReporting: false });
  const ledger = ledgerChoice(app.node.tryGetContext('ledger'));
  const bundle = await readPolicies(String(app.node.tryGetContext('policies') ?? 'policies'));
  await buildFunctions(bundle);
  new ControllerStack(app, 'Plimsoll', {
    policies: bundle.policies,
    warmPlans: bundle.warmPlans,
    code: Code.fromAsset(FUNCTIONS_DIR, { exclude: ['**/*.map'] }),
    version: projectVersion(),
    ledger,
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

function ledgerChoice(value: unknown): ControllerStackProps['ledger'] {
  if (value === undefined || value === 'retain') return 'retain';
  if (value === 'discard') return 'discard';
  throw new ControllerError(
    'invalid',
    `-c ledger=${String(value)}: neither "retain" nor "discard" (give one of the two, or leave it out)`,
    { retryable: false },
  );
}

function projectVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8'));
  return (manifest as { readonly version: string }).version;
}

await main().catch(sayWhy);
