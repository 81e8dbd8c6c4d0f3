import * as z from 'zod/mini';
import { expiresIn, reason, service, sizeOf } from './request-fields.ts';

const AN_HOUR = 3_600;

/** The body of a request to scale by hand; unknown fields are refused. */
export const scaleRequest = z.strictObject(
  {
    service,
    /** The size to go to. */
    instances: sizeOf('must be a whole number from 0 to 100000, without quotes'),
    reason,
    expiresIn: expiresIn(AN_HOUR),
  },
  'must be a JSON object',
);
