import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { awsError } from './errors.ts';

/** The largest body that is read, in bytes: no service played here takes more. */
const MAX_BYTES = 16 * 1024 * 1024;

const inflate = promisify(gunzip);

/**
 * Reads a request's body, unzipped: CloudWatch clients compress bodies above 10 KiB.
 * @throws ServiceException RequestEntityTooLarge or SerializationException.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // The rest is still read, and dropped: a client that is writing does not hear an answer.
    if (bytes <= MAX_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_BYTES) throw tooLarge();
  const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  return unzipped(request.headers['content-encoding'], body);
}

/**
 * A body as its sender wrote it.
 * @throws ServiceException RequestEntityTooLarge or SerializationException.
 */
export const unzipped = async (encoding: string | undefined, body: Buffer): Promise<Buffer> =>
  encoding === 'gzip' ? unzip(body) : body;

async function unzip(body: Buffer): Promise<Buffer> {
  try {
    return await inflate(body, { maxOutputLength: MAX_BYTES });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge();
    throw awsError('SerializationException', 'The body is not gzip, as its Content-Encoding says.');
  }
}

const tooLarge = () => awsError('RequestEntityTooLarge', `The body is larger than ${MAX_BYTES} bytes.`, 413);
