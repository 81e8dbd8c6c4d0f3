import { ControllerError } from '../core/controller-error.ts';
import type { DynamoItem, HttpItem, SqlItem } from '../core/warm-plan.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { SourceOptions, WarmSource, WarmSources } from '../ports/warm-source.ts';
import type { SqlLogin } from './postgres/sql-source.ts';
import { headersOf, loginOf } from './secret-login.ts';

/** What the sources take of AWS. */
export interface SourceParts {
  readonly secrets: Secrets;
  /** A password that IAM signs for a database user. */
  readonly tokenOf: (login: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
  }) => Promise<string>;
  readonly dynamo: (item: DynamoItem) => Promise<WarmSource>;
}

/** Sources of every kind; the driver of a kind is loaded by its first item. */
export const warmSources = (parts: SourceParts): WarmSources => ({
  open: (item, options) => {
    switch (item.kind) {
      case 'sql':
        return openSql(parts, item, options);
      case 'http':
        return openHttp(parts, item, options);
      case 'dynamodb':
        return parts.dynamo(item);
    }
  },
});

async function openSql(parts: SourceParts, item: SqlItem, options: SourceOptions): Promise<WarmSource> {
  const { SqlSource } = await import('./postgres/sql-source.ts');
  const hosts = options.host === null ? item.database.hosts : [options.host];
  return new SqlSource(item, { hosts, login: await loginTo(parts, item), connections: options.connections });
}

async function loginTo({ secrets, tokenOf }: SourceParts, { database }: SqlItem): Promise<SqlLogin> {
  const { auth, port } = database;
  switch (auth.kind) {
    case 'none':
      return { user: auth.user, password: null };
    case 'iam':
      return { user: auth.user, password: (host) => tokenOf({ host, port, user: auth.user }) };
    case 'secret': {
      const { user, password } = loginOf(await secrets.read(auth.secretArn), auth.secretArn);
      const name = auth.user ?? user;
      if (name !== null) return { user: name, password };
      const message = `The secret ${auth.secretArn} names no user (give user beside it).`;
      throw new ControllerError('invalid', message, { retryable: false });
    }
  }
}

async function openHttp(
  { secrets }: SourceParts,
  item: HttpItem,
  { valueBytes }: SourceOptions,
): Promise<WarmSource> {
  const { httpSource } = await import('./http/http-source.ts');
  const { headersSecretArn: arn } = item;
  const headers = arn === null ? {} : headersOf(await secrets.read(arn), arn);
  return httpSource(item, { headers, valueBytes });
}
