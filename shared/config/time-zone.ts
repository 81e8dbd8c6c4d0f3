import { nearest } from './nearest.ts';
import { type DocumentPath, quote, type Report } from './problem.ts';

/** Whether a name is a time zone of the IANA database, as the runtime knows it; reports it when it is not. */
export function checkZone(name: string, path: DocumentPath, report: Report): boolean {
  if (isZone(name)) return true;
  const near = nearest(name, Intl.supportedValuesOf('timeZone'));
  const fix = near === null ? 'write a name such as Europe/Berlin, or UTC' : `did you mean "${near}"?`;
  report(path, `${quote(name)} is no IANA time zone (${fix})`);
  return false;
}

// Offsets such as +02:00 are accepted by newer runtimes, and know no daylight-saving time.
function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
