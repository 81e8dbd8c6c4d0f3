import type { WireOverride } from '../../../events/contracts/override.ts';
import {
  type EmergencyReportOnWire,
  emergencyReport,
  type OverridesClearedOnWire,
  overrideList,
  overrideSet,
  overridesCleared,
} from '../../../events/contracts/override-answers.ts';
import { type PlanListOnWire, planList } from '../../../events/contracts/plans.ts';
import { callApi } from './call-api.ts';
import type { OperateOptions } from './options.ts';

/** Writes a line of the answer. */
export type Line = (text: string) => void;

/** `override set KIND`: exit 0 with what is in force, or a refusal. */
export async function runSet({ word, url, json, fields }: OperateOptions, line: Line): Promise<number> {
  const body = { ...fields, ...(word === null ? {} : { kind: word }) };
  const data = await callApi(url, { method: 'POST', route: 'scaling/overrides', body }, overrideSet);
  if (json) line(JSON.stringify(data));
  else line(`${inWords(data.override)} ${sizes(data.resize)}${data.effect}`);
  return 0;
}

/** `override clear [KIND]`: exit 0 with what is no longer in force, 1 when some of it stays, or a refusal. */
export async function runClear({ word, url, json, fields }: OperateOptions, line: Line): Promise<number> {
  const query = queryOf({ ...fields, ...(word === null ? {} : { kind: word }) });
  const data = await callApi(url, { method: 'DELETE', route: 'scaling/overrides', query }, overridesCleared);
  if (json) line(JSON.stringify(data));
  else {
    for (const override of data.overrides) line(`Cleared: ${inWords(override)}`);
    for (const outcome of data.outcomes ?? []) line(clearedInWords(outcome));
    if (data.outcomes === undefined) line(`${sizes(data.resize)}${data.effect}`);
  }
  return data.complete === false ? 1 : 0;
}

function clearedInWords(outcome: NonNullable<OverridesClearedOnWire['outcomes']>[number]): string {
  const who = whoIs(outcome.policy);
  return outcome.outcome === 'failed'
    ? `${who}: NOT CLEARED (${outcome.code}): ${outcome.detail}`
    : `${who}: ${sizes(outcome.resize)}${outcome.effect}`;
}

const whoIs = (policy: string): string => (policy === '*' ? 'every target' : policy);

/** `override list`: exit 0 with a line per override. */
export async function runList({ url, json, fields }: OperateOptions, line: Line): Promise<number> {
  const query = queryOf(fields);
  const data = await callApi(url, { method: 'GET', route: 'scaling/overrides', query }, overrideList);
  if (json) line(JSON.stringify(data));
  else if (data.overrides.length === 0) line('No override is in force.');
  else for (const override of data.overrides) line(inWords(override));
  return 0;
}

/** `plan [APPLICATION]`: exit 0 with a line per tier, 1 when a plan stands still. */
export async function runPlan({ word, url, json }: OperateOptions, line: Line): Promise<number> {
  const query = word === null ? {} : { application: word };
  const data = await callApi(url, { method: 'GET', route: 'scaling/plans', query }, planList);
  if (json) line(JSON.stringify(data));
  else if (data.plans.length === 0) line('No application is declared.');
  else for (const plan of data.plans) for (const text of planInWords(plan)) line(text);
  return data.plans.some(({ status }) => status === 'stopped') ? 1 : 0;
}

function planInWords({ application, status, why, tiers }: PlanListOnWire['plans'][number]): string[] {
  const budget = tiers.flatMap(({ tier, limits }) =>
    limits
      .filter(({ reason, direction }) => reason === 'connection-budget' && direction === 'out')
      .map(({ detail }) => `  ${tier} within the connection budget: ${detail}`),
  );
  return [
    `${application}: ${status}${status === 'stopped' ? `. ${why}` : ''}`,
    ...tiers.map(({ tier, state, from, to, ready, why: waits }) => {
      const sizes = from === to ? known(from) : `${known(from)} → ${known(to)}`;
      return `  ${tier}: ${sizes}, ${known(ready)} ready, ${state}${waits === '' ? '' : `: ${waits}`}`;
    }),
    ...budget,
  ];
}

const known = (size: number | null): string => (size === null ? 'unknown' : String(size));

/** `emergency ACTION`: exit 0 with a line per target, 1 when one of them was not reached. */
export async function runEmergency({ word, url, json, fields }: OperateOptions, line: Line): Promise<number> {
  const body = { ...fields, ...(word === null ? {} : { action: word }) };
  const data = await callApi(url, { method: 'POST', route: 'scaling/emergency', body }, emergencyReport);
  if (json) line(JSON.stringify(data));
  else for (const outcome of data.outcomes) line(outcomeInWords(outcome));
  return data.complete ? 0 : 1;
}

function outcomeInWords(outcome: EmergencyReportOnWire['outcomes'][number]): string {
  const { policy, detail } = outcome;
  return outcome.outcome === 'failed'
    ? `${policy}: NOT DONE (${outcome.code}): ${detail}`
    : `${policy}: ${detail} ${sizes(outcome.resize)}${outcome.effect} Until ${minute(outcome.override.expiresAt)}.`;
}

/** `web: floor 8 until 2026-11-20 12:00, set by ada: sale at noon.` */
function inWords({ policy, kind, size, direction, force, expiresAt, owner, reason }: WireOverride): string {
  const what = size === null ? ` ${direction === 'both' ? 'out and in' : direction}` : ` ${size}`;
  const who = whoIs(policy);
  return `${who}: ${kind}${what}${force ? ' (forced)' : ''} until ${minute(expiresAt)}, set by ${owner}: ${reason}.`;
}

const sizes = (resize: { readonly from: number; readonly to: number } | null): string =>
  resize === null ? '' : `${resize.from} → ${resize.to}. `;

const minute = (time: string): string => `${time.slice(0, 16).replace('T', ' ')} UTC`;

const queryOf = (fields: OperateOptions['fields']): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
