import type * as z from 'zod';
import type { AlarmSensitivity, StrategyAlarms } from '../../core/strategy.ts';
import { checkSensitivity } from '../checks.ts';
import type { DocumentPath, Report } from '../problem.ts';
import type { Alarms } from '../schema/common.ts';

type AlarmsDocument = z.infer<typeof Alarms> | undefined;

/** What the alarms ask for unless the policy says otherwise: out at the first datapoint, in after five. */
export const DEFAULT_SENSITIVITY = { out: { datapoints: 1, of: 1 }, in: { datapoints: 5, of: 5 } } as const;

/** All the periods of a duration, and at least one. */
export function throughout(seconds: number, periodSeconds: number): AlarmSensitivity {
  const datapoints = Math.max(1, Math.ceil(seconds / periodSeconds));
  return { datapoints, of: datapoints };
}

/** M out of N of one alarm: what the document says, or the default; reports what CloudWatch would refuse. */
export function sensitivityOf(
  given: { readonly datapoints: number; readonly of?: number | undefined } | null | undefined,
  otherwise: AlarmSensitivity,
  periodSeconds: number,
  path: DocumentPath,
  report: Report,
): AlarmSensitivity {
  const datapoints = given?.datapoints ?? otherwise.datapoints;
  const sensitivity = { datapoints, of: given?.of ?? (given ? datapoints : otherwise.of) };
  checkSensitivity(sensitivity, periodSeconds, path, report);
  return sensitivity;
}

/** The alarms of a strategy with rules per direction; null in `defaults` = the strategy has no rule of that direction. */
export function ruleAlarms(
  document: AlarmsDocument,
  defaults: StrategyAlarms,
  periodSeconds: number,
  path: DocumentPath,
  report: Report,
): StrategyAlarms {
  const side = (name: 'out' | 'in'): AlarmSensitivity | null => {
    const given = document?.[name];
    const otherwise = defaults[name];
    if (otherwise === null) {
      const rule = name === 'out' ? 'scaleOut' : 'scaleIn';
      if (given) report([...path, name], `there is no ${rule} to ask for (remove it, or add ${rule})`, 'key');
      return null;
    }
    return given === null ? null : sensitivityOf(given, otherwise, periodSeconds, [...path, name], report);
  };
  return { out: side('out'), in: side('in') };
}
