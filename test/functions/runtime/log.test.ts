import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { structuredLog } from '../../../functions/runtime/log.ts';
import { ControllerError } from '../../../shared/core/controller-error.ts';
import { aContext } from '../../support/a-runtime.ts';

let written: string[] = [];

beforeEach(() => {
  written = [];
  const keep = (chunk: string | Uint8Array): boolean => written.push(String(chunk)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
});

afterEach(() => vi.restoreAllMocks());

const lines = () => written.map((text) => JSON.parse(text) as Record<string, unknown>);

describe('the structured log', () => {
  it('writes one JSON line with the fields at its top and the request id of the invocation', () => {
    const log = structuredLog('sweep');
    log.begin(aContext());
    log.info('decision', { target: 'ecs-service/prod/web', decisionId: 'd-1', signalId: 's-1' });
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toMatchObject({
      level: 'INFO',
      message: 'decision',
      service: 'plimsoll-sweep',
      function_request_id: 'request-1',
      target: 'ecs-service/prod/web',
      decisionId: 'd-1',
      signalId: 's-1',
    });
  });

  it('writes an error with its code and its cause', () => {
    const cause = new Error('socket hang up');
    const error = new ControllerError('unavailable', 'could not commit', { retryable: true, cause });
    structuredLog('sweep').error('message failed', { error });
    expect(lines()[0]).toMatchObject({
      level: 'ERROR',
      error: {
        name: 'ControllerError',
        code: 'unavailable',
        message: 'could not commit',
        cause: { message: 'socket hang up' },
      },
    });
  });

  it('leaves out what is less severe than its level', () => {
    const log = structuredLog('sweep', 'WARN');
    log.info('quiet');
    log.warn('loud');
    expect(lines().map(({ message }) => message)).toEqual(['loud']);
  });
});
