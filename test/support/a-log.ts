import type { Log, LogFields } from '../../functions/runtime/log.ts';

/** A line that a test's log keeps. */
export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

/** A log that keeps its lines, for tests to read. */
export class ALog implements Log {
  readonly lines: LogLine[] = [];
  readonly requests: string[] = [];

  info(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'info', message, fields });
  }

  warn(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'warn', message, fields });
  }

  error(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'error', message, fields });
  }

  begin({ awsRequestId }: { readonly awsRequestId: string }): void {
    this.requests.push(awsRequestId);
  }
}
