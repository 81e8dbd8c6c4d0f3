/** Something that goes wrong in the databases of the simulated account. */
export type DatabaseFault =
  /** A new instance (this one, or the next to be created) never leaves `creating`. */
  | { readonly kind: 'stuck-creating'; readonly instance?: string | undefined }
  /** A replica is behind by so much, or nobody knows by how much (null), for a while. */
  | {
      readonly kind: 'lag';
      readonly instance: string;
      readonly seconds: number | null;
      readonly forSeconds: number;
    }
  /** The next `count` creations and class changes find no capacity, of a class or in a zone if one is given. */
  | {
      readonly kind: 'insufficient-capacity';
      readonly instanceClass?: string | undefined;
      readonly zone?: string | undefined;
      readonly count: number;
    }
  /** The next `count` deletions are refused. */
  | { readonly kind: 'refuse-delete'; readonly count: number }
  /** A cluster fails over by itself. */
  | { readonly kind: 'failover'; readonly cluster: string }
  /** An instance fails and stays so. */
  | { readonly kind: 'source-failed'; readonly instance: string };

interface Scarcity {
  readonly instanceClass: string | undefined;
  readonly zone: string | undefined;
  left: number;
}

/** Faults that wait for a call to meet them. */
export class PendingFaults {
  readonly #stuck = new Set<string>();
  #nextStuck = 0;
  #refusedDeletes = 0;
  #scarce: Scarcity[] = [];

  /** The creation of this instance, or of the next one, will not end. */
  stick(instance: string | undefined): void {
    if (instance === undefined) this.#nextStuck += 1;
    else this.#stuck.add(instance);
  }

  /** Capacity is short for the next `count` calls that want it. */
  makeScarce({
    instanceClass,
    zone,
    count,
  }: Extract<DatabaseFault, { kind: 'insufficient-capacity' }>): void {
    this.#scarce.push({ instanceClass, zone, left: count });
  }

  /** The next `count` deletions are refused. */
  refuseDeletes(count: number): void {
    this.#refusedDeletes += count;
  }

  /** Whether the creation of an instance sticks; asked once for each. */
  takesStuck(instance: string): boolean {
    if (this.#stuck.delete(instance)) return true;
    if (this.#nextStuck === 0) return false;
    this.#nextStuck -= 1;
    return true;
  }

  /** Whether there is no capacity for this; asked once for each call. */
  takesCapacity(instanceClass: string, zone: string): boolean {
    const found = this.#scarce.find(
      (each) =>
        (each.instanceClass ?? instanceClass) === instanceClass &&
        (each.zone ?? zone) === zone &&
        each.left > 0,
    );
    if (found === undefined) return false;
    found.left -= 1;
    this.#scarce = this.#scarce.filter(({ left }) => left > 0);
    return true;
  }

  /** Whether a deletion is refused; asked once for each. */
  takesDelete(): boolean {
    if (this.#refusedDeletes === 0) return false;
    this.#refusedDeletes -= 1;
    return true;
  }
}
