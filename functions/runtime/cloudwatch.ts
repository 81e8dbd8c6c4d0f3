import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { clientOptions } from '../../shared/adapters/aws/client-options.ts';
import { cloudWatchMetricSource } from '../../shared/adapters/aws/cloudwatch-metric-source.ts';
import type { MetricSource } from '../../shared/ports/metric-source.ts';

/** The metrics of the account, through a client of their own. Loaded when first needed: see {@link lazyMetrics}. */
export const connectCloudWatch = (): MetricSource =>
  cloudWatchMetricSource(new CloudWatchClient(clientOptions()));
