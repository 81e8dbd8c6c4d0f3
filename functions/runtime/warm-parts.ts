import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientOptions } from '../../shared/adapters/aws/client-options.ts';
import { queuePace } from '../../shared/adapters/pace/queue-pace.ts';
import { loginOf } from '../../shared/adapters/secret-login.ts';
import { warmSources } from '../../shared/adapters/warm-sources.ts';
import type { WarmCache } from '../../shared/core/warm-plan.ts';
import type { CacheStore } from '../../shared/ports/cache-store.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import type { Secrets } from '../../shared/ports/secrets.ts';
import type { Telemetry } from '../../shared/ports/telemetry.ts';
import type { WarmUnits } from '../../shared/ports/warm-units.ts';
import type { WarmDeps } from '../../shared/usecases/warm-deps.ts';
import { SYSTEM_CLOCK } from './function-runtime.ts';

/** What warming needs, on AWS. Clients and drivers are loaded by the first item that needs them. */
export function warmParts(ledger: Ledger, telemetry: Telemetry): WarmDeps {
  const secrets = lazySecrets();
  return {
    ...{ ledger, telemetry, clock: SYSTEM_CLOCK, ids: { next: randomUUID } },
    sources: warmSources({
      secrets,
      tokenOf: async (login) =>
        (await import('../../shared/adapters/aws/database-token.ts')).databaseToken(login),
      dynamo: async (item) => {
        const { openTable } = await import('./dynamo-table.ts');
        return openTable(item);
      },
    }),
    openCache: (cache) => openCache(cache, secrets),
    pace: queuePace,
    random: Math.random,
    sleep,
  };
}

/** New replicas of RDS; the client is loaded by the first of them. */
export function lazyWarmUnits(): WarmUnits {
  const load = async () =>
    (await import('../../shared/adapters/aws/rds-warm-units.ts')).connectWarmUnits(clientOptions());
  return {
    hostOf: async (unit) => (await load()).hostOf(unit),
    markWarmed: async (unit, at) => (await load()).markWarmed(unit, at),
  };
}

function lazySecrets(): Secrets {
  let loaded: Promise<Secrets> | undefined;
  return {
    read: async (arn) => {
      loaded ??= import('../../shared/adapters/aws/secrets-manager.ts').then(({ connectSecrets }) =>
        connectSecrets(clientOptions()),
      );
      return (await loaded).read(arn);
    },
  };
}

async function openCache(cache: WarmCache, secrets: Secrets): Promise<CacheStore> {
  const { host, port, clusterMode: cluster, auth } = cache;
  const { RedisCacheStore } = await import('../../shared/adapters/redis/redis-cache-store.ts');
  const place = { host, port, cluster, tls: cache.tls ? {} : null };
  switch (auth.kind) {
    case 'none':
      return new RedisCacheStore(place);
    case 'secret': {
      // Read once now, so that a secret that cannot be read is told as that.
      const { user, password } = loginOf(await secrets.read(auth.secretArn), auth.secretArn);
      const login = { password, ...(user === null ? {} : { username: user }) };
      return new RedisCacheStore({ ...place, credentials: async () => login });
    }
    case 'iam': {
      const { cacheToken } = await import('./cache-token.ts');
      const credentials = async () => ({ username: auth.user, password: await cacheToken(auth) });
      return new RedisCacheStore({ ...place, credentials });
    }
  }
}
