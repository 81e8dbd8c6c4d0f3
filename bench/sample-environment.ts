import type { FunctionEnvironment } from '../shared/config/function-env.ts';

/** The environment of every function at once, and credentials that open nothing: enough to load and to call any bundle. */
export const SAMPLE_ENVIRONMENT: FunctionEnvironment<'sweep'> & FunctionEnvironment<'api'> = {
  TABLE_NAME: 'plimsoll',
  METRICS_NAMESPACE: 'Plimsoll',
  EVENT_BUS_NAME: 'plimsoll',
  EVENT_RETENTION_DAYS: '30',
  PLIMSOLL_VERSION: '0.0.0',
  ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' },
};
