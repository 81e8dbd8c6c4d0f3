/** The last part of a name or ARN: `web` for `web`, `prod/web` and `arn:aws:ecs:…:service/prod/web`. */
export const shortName = (nameOrArn: string): string => nameOrArn.split('/').at(-1) ?? nameOrArn;

/** A page of a list: `token` is the index at which it starts, as text. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** Cuts a page out of a list; null when the token is not one of ours. */
export function pageOf<T>(items: readonly T[], token: string | undefined, size: number): Page<T> | null {
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0 || (token !== undefined && from >= items.length)) return null;
  const end = from + size;
  return { items: items.slice(from, end), next: end < items.length ? String(end) : undefined };
}
