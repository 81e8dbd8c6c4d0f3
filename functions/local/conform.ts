import { readFile } from 'node:fs/promises';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { type Answer, answerTo } from './conform/answer.ts';
import { differences, picked } from './conform/compare.ts';
import { type Vector, VectorFile } from './conform/vector.ts';
import { fileTrouble } from './words.ts';

/**
 * Answers vectors of `autoscaling/v2` conformance by the shipped core: one JSON line each, `{id, actual}` or `{id, skipped}`.
 * With `check` it compares instead, and prints every difference and the sum. Exit code 1 when a vector failed or is none
 * (`{id, error}`).
 */
export async function runConform(
  files: readonly string[],
  check: boolean,
  out: (line: string) => void,
): Promise<number> {
  if (files.length === 0) throw refusal('conform: name a file of vectors (conform FILE…)');
  const vectors = (await Promise.all(files.map(vectorsOf))).flat();
  if (check) return checkAll(vectors, out);
  const answers = vectors.map((vector) => ({ vector, answer: answerTo(vector) }));
  for (const { vector, answer } of answers) out(JSON.stringify(lineOf(vector, answer)));
  return answers.some(({ answer }) => answer.kind === 'malformed') ? 1 : 0;
}

function lineOf({ id, expect }: Vector, answer: Answer): object {
  switch (answer.kind) {
    case 'actual':
      return { id, actual: picked(answer.actual, expect) };
    case 'skipped':
      return { id, skipped: answer.reason };
    case 'malformed':
      return { id, error: answer.problem };
  }
}

function checkAll(vectors: readonly Vector[], out: (line: string) => void): number {
  const results = vectors.map((vector) => resultOf(vector, out));
  const countOf = (wanted: Result) => results.filter((result) => result === wanted).length;
  const skipped = countOf('skipped');
  out(
    `${countOf('passed')} passed, ${countOf('failed')} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`,
  );
  return countOf('failed') === 0 ? 0 : 1;
}

type Result = 'passed' | 'failed' | 'skipped';

function resultOf(vector: Vector, out: (line: string) => void): Result {
  const { id, expect } = vector;
  const answer = answerTo(vector);
  if (answer.kind === 'malformed') {
    out(`${id}: ${answer.problem}`);
    return 'failed';
  }
  if (answer.kind === 'skipped' || expect === undefined) {
    out(`${id}: skipped, ${answer.kind === 'skipped' ? answer.reason : 'it expects nothing'}`);
    return 'skipped';
  }
  const found = differences(answer.actual, expect);
  for (const difference of found) out(`${id}: ${difference}`);
  return found.length === 0 ? 'passed' : 'failed';
}

async function vectorsOf(file: string): Promise<readonly Vector[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw refusal(`${file}: ${fileTrouble(cause)}`, cause);
  });
  const parsed = VectorFile.safeParse(jsonOf(file, text));
  if (parsed.success) {
    if (parsed.data.vectors.length > 0) return parsed.data.vectors;
    throw refusal(`${file}: holds no vector (name a file that does)`);
  }
  const [issue] = parsed.error.issues;
  throw refusal(
    `${file}: is no file of vectors, ${issue?.path.join('.')}: ${issue?.message} (format hpa-conformance/1)`,
  );
}

function jsonOf(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refusal(`${file}: is not JSON (${cause instanceof Error ? cause.message : cause})`, cause);
  }
}

const refusal = (message: string, cause?: unknown): ControllerError =>
  new ControllerError('invalid', message, { retryable: false, cause });
