import * as z from 'zod/mini';

const time = z.iso.datetime({ error: 'must be an ISO 8601 time in UTC' });
const text = z.string('must be a string');

/** An override on the wire. What its kind does not have is null. */
export const wireOverride = z.object(
  {
    /** `account/all` when it is for every target. */
    target: text,
    /** `*` when it is for every target. */
    policy: text,
    kind: z.enum(['pin', 'floor', 'ceiling', 'pause']),
    size: z.nullable(z.int()),
    direction: z.nullable(z.enum(['out', 'in', 'both'])),
    /** Whether it may lift the maximum of the policy. */
    force: z.boolean(),
    owner: text,
    reason: text,
    setAt: time,
    expiresAt: time,
  },
  'must be a JSON object',
);

/** An override on the wire. */
export type WireOverride = Readonly<z.output<typeof wireOverride>>;

interface Given {
  readonly target: string;
  readonly policy: string;
  readonly override: {
    readonly kind: WireOverride['kind'];
    readonly size?: number;
    readonly direction?: NonNullable<WireOverride['direction']>;
    readonly force?: boolean;
    readonly owner: string;
    readonly reason: string;
    readonly setAt: number;
    readonly expiresAt: number;
  };
}

/** Writes an override for the wire. Times are in milliseconds since the epoch. */
export function overrideToWire({ target, policy, override }: Given): WireOverride {
  const { kind, size = null, direction = null, force = false, owner, reason, setAt, expiresAt } = override;
  return {
    target,
    policy,
    kind,
    size,
    direction,
    force,
    owner,
    reason,
    setAt: new Date(setAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
  };
}
