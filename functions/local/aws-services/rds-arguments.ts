import { AccountRefusal } from '../../../shared/simulation/account-refusal.ts';
import { type Page, pageOf } from './arguments.ts';

/** Records on a page. Source: RDS API reference, DescribeDBInstances. */
const PAGE = { least: 20, most: 100 } as const;

/** The page that a request asks for. @throws AccountRefusal for a size that RDS does not take, or a marker that is none. */
export function recordsOf<T>(
  items: readonly T[],
  { MaxRecords, Marker }: { readonly MaxRecords?: number | undefined; readonly Marker?: string | undefined },
): Page<T> {
  if (MaxRecords !== undefined && (MaxRecords < PAGE.least || MaxRecords > PAGE.most)) {
    throw invalidValue(
      `Invalid value ${MaxRecords} for MaxRecords. Must be between ${PAGE.least} and ${PAGE.most}`,
    );
  }
  const page = pageOf(items, Marker, MaxRecords ?? PAGE.most);
  if (page === null) throw invalidValue('Invalid or expired marker.');
  return page;
}

/** A parameter that must be there. @throws AccountRefusal `MissingParameter`. */
export function required(value: string | undefined, name: string): string {
  if (value !== undefined && value !== '') return value;
  throw new AccountRefusal('MissingParameter', `The request must contain the parameter ${name}.`);
}

/** The refusal of a value. */
export const invalidValue = (message: string): Error => new AccountRefusal('InvalidParameterValue', message);
