import type { UnitResources } from '../core/policy.ts';
import { type DocumentPath, quote, type Report } from './problem.ts';
import { parseQuantity } from './quantity.ts';

type Quantity = number | string;

/** Bytes in a MiB. */
const MIB = 2 ** 20;

/** The most vCPU that a task may reserve: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html */
const MOST_CPU = 192;

/** vCPU from a Kubernetes quantity, or null after reporting that it is none. */
export function cpuOf(quantity: Quantity, path: DocumentPath, report: Report): number | null {
  const value = parseQuantity(quantity);
  if (value !== null && value > 0) return value;
  report(path, `${quote(quantity)} is not a quantity above 0 (write 2, 0.5 or "500m")`);
  return null;
}

/** MiB from a Kubernetes quantity of bytes, or null after reporting that it is none. */
export function memoryOf(quantity: Quantity, path: DocumentPath, report: Report): number | null {
  const bytes = parseQuantity(quantity);
  if (bytes === null || bytes <= 0) {
    report(path, `${quote(quantity)} is not a quantity above 0 (write 2Gi or 512Mi)`);
    return null;
  }
  if (bytes >= MIB) return bytes / MIB;
  report(path, `${quote(quantity)} means ${bytes} bytes (write the unit, for example ${quantity}Mi)`);
  return null;
}

/** What one task reserves, or null after reporting what is wrong with it. */
export function unitOf(
  unit: { readonly cpu: Quantity; readonly memory: Quantity },
  path: DocumentPath,
  report: Report,
): UnitResources | null {
  const cpu = cpuOf(unit.cpu, [...path, 'cpu'], report);
  const memoryMiB = memoryOf(unit.memory, [...path, 'memory'], report);
  if (cpu !== null && cpu > MOST_CPU) {
    report([...path, 'cpu'], `${cpu} vCPU is more than a task can have (1024 CPU units of ECS are 1)`);
  }
  return cpu === null || memoryMiB === null ? null : { cpu, memoryMiB };
}
