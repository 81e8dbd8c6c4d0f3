/** Keeps work within a rate and a number at once. */
export interface Pace {
  /** Runs a task when its turn has come. */
  run<T>(task: () => Promise<T>): Promise<T>;
}
