/** A container of a unit, with what it reserves of one resource; null = it does not say. */
export interface RequestingContainer {
  readonly name: string;
  readonly request: bigint | null;
}

/** The containers of one unit. */
export interface RequestingUnit {
  readonly containers: readonly RequestingContainer[];
  /** Those that start first; one that keeps running beside the others counts with them. */
  readonly initContainers: readonly (RequestingContainer & { readonly restartable: boolean })[];
  /** What the unit reserves as a whole, where that is given and in force; it stands above the sum. */
  readonly whole: bigint | null;
}

/** What a unit has in all of one resource, or of one `container` alone (null = all of them). */
export function requestOf(
  { containers, initContainers, whole }: RequestingUnit,
  container: string | null,
): bigint | 'missingRequest' | 'containerNotFound' {
  if (container === null && whole !== null) return whole;
  const running = [...containers, ...initContainers.filter(({ restartable }) => restartable)];
  const counted = container === null ? running : running.filter(({ name }) => name === container);
  if (container !== null && counted.length === 0) return 'containerNotFound';
  return counted.reduce<bigint | 'missingRequest'>(
    (sum, { request }) => (request === null || sum === 'missingRequest' ? 'missingRequest' : sum + request),
    0n,
  );
}
