import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';

/** What a line says beside its message: target, decisionId, signalId and whatever else a search may ask for. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes structured lines; an `error` field is written with its stack and causes. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Marks the following lines with the invocation that they belong to. */
  begin(context: Context): void;
}

/** The least severe level that is written. */
export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** JSON lines as CloudWatch Logs Insights reads them, each with the request id, the function and whether it was a cold start. */
export function structuredLog(functionName: string, level: LogLevel = 'INFO'): Log {
  const logger = new Logger({ serviceName: `plimsoll-${functionName}`, logLevel: level });
  return {
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, fields = {}) => logger.error(message, fields),
    begin: (context) => logger.addContext(context),
  };
}
