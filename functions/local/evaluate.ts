import { createInterface } from 'node:readline';
import type { Snapshot } from '../../shared/core/capacity.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { decide } from '../../shared/core/decide.ts';
import { explain } from '../../shared/core/explain.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { policyMetrics } from '../../shared/core/policy-metrics.ts';
import type { Signal } from '../../shared/core/signal.ts';
import { targetId } from '../../shared/core/target.ts';
import { type EvaluateRequest, parseEvaluateRequest } from './evaluate-request.ts';

/**
 * Answers questions about decisions: JSON lines in, JSON lines out, in the same order. A line that cannot be answered
 * becomes `{id, error}`, and the rest goes on. Exit code 1 when there was such a line.
 */
export async function runEvaluate(
  input: NodeJS.ReadableStream,
  out: (line: string) => void,
): Promise<number> {
  let failures = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    const answer = answerTo(line);
    if ('error' in answer) failures += 1;
    out(JSON.stringify(answer));
  }
  return failures === 0 ? 0 : 1;
}

function answerTo(line: string): object {
  let value: unknown = null;
  try {
    value = JSON.parse(line);
    return answerOf(parseEvaluateRequest(value));
  } catch (error) {
    const isExpected = error instanceof ControllerError || error instanceof SyntaxError;
    if (!isExpected) throw error;
    return {
      id: idOf(value),
      error: error instanceof SyntaxError ? `line: is not JSON (${error.message})` : error.message,
    };
  }
}

function answerOf({ id, now, policy, snapshot, state }: EvaluateRequest): object {
  const signal: Signal = { kind: 'sweep', id: String(id), target: targetId(policy.target), at: now };
  const decision = decide(policy, snapshot, state, signal, now);
  const warnings = warningsOf(policy, snapshot);
  return { id, decision, explanation: explain(decision), ...(warnings.length > 0 && { warnings }) };
}

/** A misspelt metric would pass for one that is missing. */
function warningsOf(policy: Policy, { metrics }: Snapshot): readonly string[] {
  const known = policyMetrics(policy).map(({ id }) => id);
  return Object.keys(metrics)
    .filter((id) => !known.includes(id))
    .map((id) => `metrics.${id}: the policy reads no such metric (it reads ${known.join(', ') || 'none'})`);
}

const idOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'id' in value ? value.id : null;
