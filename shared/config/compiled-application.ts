import * as z from 'zod/mini';
import type { TargetId } from '../core/target.ts';
import { Above, Count, Positive, Text } from './compiled-strategies.ts';

const Id = z.custom<TargetId>((value) => typeof value === 'string' && value.length > 0);

const Tier = z.strictObject({
  name: Text,
  policy: Text,
  target: Id,
  after: z.array(Text),
  warm: z.nullable(z.strictObject({ plan: Text, withinSeconds: Positive })),
});

const Budget = z.strictObject({
  share: Above,
  databases: z.array(z.strictObject({ tier: z.nullable(Text), fixedNodes: Count, maxConnections: Positive })),
  clients: z.array(z.strictObject({ tier: Text, poolSize: Positive, deploymentFactor: Above })),
});

/** An application as it travels in a bundle. */
export const CompiledApplication = z.strictObject({
  name: Text,
  tiers: z.array(Tier),
  budget: z.nullable(Budget),
});
