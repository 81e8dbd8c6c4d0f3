import type { DocumentPath, Report } from '../problem.ts';

/** A strategy without a rule proposes nothing. */
export function checkHasRule(
  document: { readonly scaleOut?: unknown; readonly scaleIn?: unknown },
  path: DocumentPath,
  report: Report,
): void {
  if (document.scaleOut !== undefined || document.scaleIn !== undefined) return;
  report(path, 'has neither scaleOut nor scaleIn (give at least one)', 'key');
}

interface Placed {
  readonly value: number | undefined;
  readonly path: DocumentPath;
}

/** What asks for less must lie below what asks for more, or the size would go to and fro under a constant load. */
export function checkThresholdOrder(out: Placed, inside: Placed, path: DocumentPath, report: Report): void {
  if (out.value === undefined || inside.value === undefined || inside.value < out.value) return;
  report(
    [...path, ...inside.path],
    `${inside.value} is not below ${out.path.join('.')} ${out.value}, so the size would swing (lower it)`,
  );
}
