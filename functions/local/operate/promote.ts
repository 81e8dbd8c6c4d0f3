import { createInterface } from 'node:readline/promises';
import { type PromotionOnWire, promotionAnswer } from '../../../events/contracts/promote-request.ts';
import { callApi } from './call-api.ts';
import type { OperateOptions } from './options.ts';
import type { Line } from './run.ts';

/** Asks a person at the terminal; null = there is nobody to ask. */
export type Question = ((text: string) => Promise<string>) | null;

/**
 * `promote NAME`: shows what was looked at, asks, and promotes. Exit 0 when it was promoted, 1 when nobody said yes, or a
 * refusal. Without a terminal it ends after the first step and names the token for `--confirm`.
 */
export async function runPromote(
  { word, url, json, fields }: OperateOptions,
  line: Line,
  ask: Question = atTerminal(json),
): Promise<number> {
  const body = { ...fields, ...(word === null ? {} : { service: word }) };
  const call = (more: object) =>
    callApi(url, { method: 'POST', route: 'database/promote', body: { ...body, ...more } }, promotionAnswer);
  const first = await call({});
  if (json) line(JSON.stringify(first));
  else for (const text of inWords(first)) line(text);
  // With a token among the fields it has been promoted already.
  if (first.confirmation === null) return 0;
  if (ask === null) {
    if (!json) line(`Nothing was done yet: repeat the command with --confirm ${first.confirmation.token}`);
    return 1;
  }
  // What was asked about is what is done: the best replica may be another one by now.
  const { replica, confirmation } = first;
  if (!/^y(es)?$/i.test((await ask(`Promote ${replica}? [y/N] `)).trim())) {
    line('Nothing was done.');
    return 1;
  }
  const second = await call({ replica, confirm: confirmation.token });
  line(second.event?.reason ?? '');
  return 0;
}

function inWords({ checks, effect, event }: PromotionOnWire): readonly string[] {
  if (event !== null) return [event.reason];
  return [...checks.map(({ ok, detail }) => `${ok ? 'ok    ' : 'FORCED'}  ${detail}`), effect];
}

/** A question at the terminal, unless the answer is read by a program. */
function atTerminal(json: boolean): Question {
  if (json || !process.stdin.isTTY || !process.stdout.isTTY) return null;
  return async (text) => {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    try {
      return await terminal.question(text);
    } finally {
      terminal.close();
    }
  };
}
