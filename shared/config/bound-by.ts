import type { Report } from './problem.ts';
import type { Binding } from './schema/bindings.ts';

/** What a `Bindings` document beside a HorizontalPodAutoscaler says of it. */
export interface BoundBy {
  readonly binding: Binding;
  /** Takes problems at paths inside the binding. */
  readonly report: Report;
}
