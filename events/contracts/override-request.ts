import * as z from 'zod/mini';
import {
  expiresIn,
  forceExplained,
  onlyOneSubject,
  reason,
  service,
  sizeOf,
  subjectFields,
} from './request-fields.ts';

const AN_HOUR = 3_600;
const HALF_AN_HOUR = 1_800;
const KINDS = ['pin', 'floor', 'ceiling', 'pause'] as const;
const DIRECTIONS = ['out', 'in', 'both'] as const;
const ACTIONS = ['boost', 'circuit-breaker'] as const;
const PERCENT = 'must be a whole number from 1 to 1000';

const kind = z.enum(KINDS, `must be one of ${KINDS.join(', ')}`);

interface Shape {
  readonly kind: (typeof KINDS)[number];
  readonly size?: number | undefined;
  readonly direction?: string | undefined;
  readonly force?: boolean | undefined;
}

/** The body of a request for an override; unknown fields are refused. */
export const overrideRequest = z
  .strictObject(
    {
      ...subjectFields,
      kind,
      /** Of a pin, a floor or a ceiling. */
      size: z.optional(sizeOf('must be a whole number from 0 to 100000, without quotes')),
      /** Of a pause: `both` when absent. */
      direction: z.optional(z.enum(DIRECTIONS, `must be one of ${DIRECTIONS.join(', ')}`)),
      /** Of a floor: it may lift the maximum of the policy. */
      force: z.optional(z.boolean('must be true or false')),
      reason,
      expiresIn: expiresIn(AN_HOUR),
    },
    'must be a JSON object',
  )
  .check(
    onlyOneSubject,
    z.refine<Shape>((body) => (body.kind === 'pause') === (body.size === undefined), {
      error: 'must be the size of a pin, floor or ceiling; a pause has none',
      path: ['size'],
    }),
    z.refine<Shape>((body) => body.kind === 'pause' || body.direction === undefined, {
      error: 'belongs to a pause alone',
      path: ['direction'],
    }),
    z.refine<Shape>((body) => body.kind === 'floor' || body.force !== true, {
      error: 'belongs to a floor alone',
      path: ['force'],
    }),
    forceExplained,
  );

/** The query of a request to clear overrides: whose, and of which kind; all of them when it is absent. */
export const clearQuery = z
  .strictObject({
    service: z.optional(service),
    all: z.optional(z.literal('true', 'must be true or absent')),
    kind: z.optional(kind),
  })
  .check(onlyOneSubject);

/** The query of the list of overrides: of one target, or of all. */
export const listQuery = z.strictObject({ service: z.optional(service) });

/** The body of a request in an emergency; unknown fields are refused. */
export const emergencyRequest = z
  .strictObject(
    {
      ...subjectFields,
      action: z.enum(ACTIONS, `must be ${ACTIONS.join(' or ')}`),
      /** By how much a boost grows the size; 50 when absent. */
      percent: z.optional(z.int(PERCENT).check(z.gte(1, PERCENT), z.lte(1000, PERCENT))),
      reason,
      expiresIn: expiresIn(HALF_AN_HOUR),
      /** A boost may lift the maximum of the policy. */
      force: z.optional(z.boolean('must be true or false')),
    },
    'must be a JSON object',
  )
  .check(
    onlyOneSubject,
    z.refine<{ readonly action: string; readonly percent?: unknown }>(
      (body) => body.action === 'boost' || body.percent === undefined,
      { error: 'belongs to a boost alone', path: ['percent'] },
    ),
    z.refine<{ readonly action: string; readonly force?: unknown }>(
      (body) => body.action === 'boost' || body.force !== true,
      { error: 'belongs to a boost alone: a circuit breaker keeps to the bounds', path: ['force'] },
    ),
    forceExplained,
  );
