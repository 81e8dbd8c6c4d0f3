import type * as secretsManager from '@aws-sdk/client-secrets-manager';
import { AccountRefusal } from '../../../shared/simulation/account-refusal.ts';
import type { Plant } from '../../../shared/simulation/plant.ts';
import { arnOf } from '../../../shared/simulation/plant-event.ts';
import type { HandlersOf } from '../aws-endpoint/service.ts';

/** Secrets by name: the text of each. */
export type Secrets = Readonly<Record<string, string>>;

/** Secrets Manager as the simulated account plays it: the secrets that it was given can be read, by name or by ARN. */
export function secretsManagerHandlers(plant: Plant, secrets: Secrets): HandlersOf<typeof secretsManager> {
  const arnFor = (name: string): string => arnOf(plant.identity, 'secretsmanager', `secret:${name}-AbCdEf`);
  return {
    GetSecretValue: ({ SecretId }) => {
      const found = Object.entries(secrets).find(([name]) => [name, arnFor(name)].includes(SecretId ?? ''));
      if (found === undefined) {
        const message = "Secrets Manager can't find the specified secret.";
        throw new AccountRefusal('ResourceNotFoundException', message);
      }
      const [Name, SecretString] = found;
      return {
        ARN: arnFor(Name),
        Name,
        SecretString,
        VersionId: '00000000-0000-4000-8000-000000000001',
        VersionStages: ['AWSCURRENT'],
      };
    },
  };
}
