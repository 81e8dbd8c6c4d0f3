import * as z from 'zod/mini';

/** A text that must be there. */
export const name = z.string('must be a string').check(z.minLength(1, 'must not be empty'));

/** A time as AWS writes it, with `Z`, `+00:00` or `+0000`; read as milliseconds since the epoch. */
export const awsTime = z.pipe(
  z.string('must be a time such as 2026-11-20T08:31:06.873+0000').check(
    z.regex(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/,
      'must be a time such as 2026-11-20T08:31:06.873+0000',
    ),
    z.refine((text) => !Number.isNaN(Date.parse(text)), 'must be a time that exists'),
  ),
  z.transform((text) => Date.parse(text)),
);

/**
 * An event as EventBridge delivers it; keys that we do not use are left out of the result.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */
export const eventBridgeEvent = <
  const Source extends string,
  const Types extends readonly [string, ...string[]],
  Detail extends z.ZodMiniType,
>(
  source: Source,
  detailTypes: Types,
  detail: Detail,
) =>
  z.object(
    {
      version: z.literal('0', 'must be "0": no other version of EventBridge events is known to this release'),
      id: name,
      source: z.literal(source, `must be "${source}": route only its events to this function`),
      'detail-type': z.enum(detailTypes, `must be ${detailTypes.map((type) => `"${type}"`).join(' or ')}`),
      time: awsTime,
      resources: z.array(z.string('must be a string'), 'must be a list of ARNs'),
      detail,
    },
    'must be a JSON object with an EventBridge event',
  );
