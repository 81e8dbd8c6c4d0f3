import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ControllerError } from '../../core/controller-error.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { ClientOptions } from './client-options.ts';
import { translateSdkError } from './sdk-errors.ts';

/** Secrets Manager, through a client of its own. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
export function connectSecrets(options: ClientOptions): Secrets {
  const client = new SecretsManagerClient(options);
  return {
    async read(arn) {
      const what = `read the secret ${arn}`;
      const { SecretString } = await client
        .send(new GetSecretValueCommand({ SecretId: arn }))
        .catch((error: unknown) => {
          throw translateSdkError(error, what);
        });
      if (SecretString !== undefined) return SecretString;
      throw new ControllerError('rejected', `could not ${what}: it is binary, not text.`, {
        retryable: false,
      });
    },
  };
}
