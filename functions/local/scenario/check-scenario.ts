import { nearest } from '../../../shared/config/nearest.ts';
import type { PolicySet } from '../../../shared/config/parse-policy-set.ts';
import { type DocumentPath, quote, type Report } from '../../../shared/config/problem.ts';
import type { Application } from '../../../shared/core/application.ts';
import { HOLD_REASONS } from '../../../shared/core/decision.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import type { Expectation } from './expectation-schema.ts';
import { type Action, type Fault, seconds } from './happening-schema.ts';
import { measureNames } from './measures.ts';
import type { ScenarioDocument } from './schema.ts';

/** What the parts of a scenario are held against. */
interface Check {
  readonly document: ScenarioDocument;
  readonly policies: readonly Policy[];
  readonly applications: readonly Application[];
  readonly measures: readonly string[];
  readonly report: Report;
}

/** Looks whether what a scenario says fits together: names that exist, times inside the run, bounds that are given. */
export function checkScenario(document: ScenarioDocument, set: PolicySet, report: Report): void {
  const { policies } = set;
  if (policies.length === 0) report(['policies'], 'name no target (add a ScalingPolicy)');
  const { applications } = set;
  const check: Check = { document, policies, applications, measures: measureNames(set), report };
  checkLoad(document, report);
  checkParts(check, [], document);
  document.show?.forEach((name, index) => {
    checkName(check, name, ['show', index], check.measures, 'measure');
  });
  if (document.crash !== undefined) checkWindow(check, document.crash, ['crash']);
  if (document.crash !== undefined && (document.seeds ?? 1) > 1)
    report(['seeds'], 'cannot stand beside crash (remove one of the two)', 'key');
  const { compare } = document;
  if (compare === undefined) return;
  checkParts(check, ['compare'], compare);
  const droppable = [
    'Application',
    ...policies.map(({ name }) => name),
    ...set.applications.map(({ name }) => name),
  ];
  compare.without?.forEach((name, index) => {
    checkName(check, name, ['compare', 'without', index], droppable, 'document');
  });
}

interface Parts {
  readonly faults?: readonly Fault[] | undefined;
  readonly actions?: readonly Action[] | undefined;
  readonly expect?: readonly Expectation[] | undefined;
}

function checkParts(check: Check, base: DocumentPath, { faults, actions, expect }: Parts): void {
  faults?.forEach((fault, index) => {
    const path = [...base, 'faults', index];
    checkHappening(check, fault, path);
    checkWindow(check, fault, path);
    if (fault.kind === 'events' && (fault.effect === 'delayed') !== (fault.delay !== undefined))
      check.report(path, 'delay belongs to effect: delayed, and is needed there (add it, or remove it)');
  });
  actions?.forEach((action, index) => {
    const path = [...base, 'actions', index];
    checkHappening(check, action, path);
    checkAction(check, action, path);
  });
  expect?.forEach((expectation, index) => {
    checkExpectation(check, expectation, [...base, 'expect', index]);
  });
}

const SIZED = ['pin', 'floor', 'ceiling'];

function checkAction({ report }: Check, action: Action, path: DocumentPath): void {
  if (action.kind !== 'override') return;
  const isSized = SIZED.includes(action.override);
  if (isSized !== (action.size !== undefined))
    report(path, `${action.override} ${isSized ? 'needs a size (add size)' : 'has no size (remove size)'}`);
}

const SERVICE_ONLY = ['deploy', 'size-changed', 'service-deleted', 'deployment-fails'];
const SERVICE_KINDS = ['ecs-service', 'ecs-task-size'];

function checkHappening(check: Check, happening: Fault | Action, path: DocumentPath): void {
  checkMoment(check, happening.at, [...path, 'at']);
  checkResources(check, happening, path);
  if (!('policy' in happening)) return;
  if (happening.policy === undefined) return;
  checkPolicy(check, happening.policy, [...path, 'policy']);
  const policy = check.policies.find(({ name }) => name === happening.policy);
  if (
    policy !== undefined &&
    SERVICE_ONLY.includes(happening.kind) &&
    !SERVICE_KINDS.includes(policy.target.kind)
  )
    check.report(
      [...path, 'policy'],
      `${policy.name} scales ${policy.target.kind}, and ${happening.kind} is for a service (name the policy of an ecs-service)`,
    );
}

interface Window {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly for?: string | undefined;
}

function checkWindow(check: Check, window: object, path: DocumentPath): void {
  const { from, until, for: duration } = window as Window;
  checkMoment(check, from, [...path, 'from']);
  checkMoment(check, until, [...path, 'until']);
  if (until !== undefined && duration !== undefined)
    check.report([...path, 'until'], 'stands beside for (keep one of the two)', 'key');
  if (from !== undefined && until !== undefined && seconds(from) >= seconds(until))
    check.report([...path, 'until'], `${until} is not after ${from} (write a later time)`);
}

function checkMoment({ document, report }: Check, moment: string | undefined, path: DocumentPath): void {
  if (moment === undefined || seconds(moment) <= seconds(document.duration)) return;
  report(
    path,
    `${moment} is after the end of the run (write ${document.duration} or less, or a longer duration)`,
  );
}

const checkPolicy = (check: Check, name: string, path: DocumentPath): void =>
  checkName(
    check,
    name,
    path,
    check.policies.map((policy) => policy.name),
    'policy',
  );

/** Events are told of a policy or of an application. */
function checkTeller(check: Check, name: string | undefined, path: DocumentPath): void {
  const known = [...check.policies, ...check.applications].map((each) => each.name);
  if (name !== undefined) checkName(check, name, path, known, 'policy or application');
}

/** Groups, clusters and instances of which the name must be one that policies, or the account, have. */
function checkResources(check: Check, happening: Fault | Action, path: DocumentPath): void {
  const targets = check.policies.map(({ target }) => target);
  if ('group' in happening) {
    const groups = targets.flatMap((target) =>
      'replicationGroup' in target ? [target.replicationGroup] : [],
    );
    checkName(check, happening.group, [...path, 'group'], [...new Set(groups)], 'replication group');
  }
  if (happening.kind === 'failover') {
    const clusters = targets.flatMap((target) => (target.kind === 'aurora-readers' ? [target.cluster] : []));
    checkName(check, happening.cluster, [...path, 'cluster'], clusters, 'cluster');
  }
  if (
    happening.kind === 'replica-lag' &&
    (happening.instance === undefined) === (happening.policy === undefined)
  )
    check.report(path, 'give one of instance and policy (policy: its newest replica)');
}

function checkName(
  { report }: Check,
  name: string,
  path: DocumentPath,
  known: readonly string[],
  what: string,
): void {
  if (known.includes(name)) return;
  const near = nearest(name, known);
  const fix = near === null ? `known here: ${known.join(', ')}` : `did you mean "${near}"?`;
  report(path, `there is no ${what} ${quote(name)} (${fix})`);
}

function checkExpectation(check: Check, expectation: Expectation, path: DocumentPath): void {
  checkWindow(check, expectation, path);
  if ('at' in expectation) checkMoment(check, expectation.at, [...path, 'at']);
  if ('measure' in expectation) {
    checkName(check, expectation.measure, [...path, 'measure'], check.measures, 'measure');
    checkBounds(check, expectation, path);
  }
  if (expectation.kind === 'decision') checkPolicy(check, expectation.policy, [...path, 'policy']);
  if (expectation.kind === 'event') checkTeller(check, expectation.policy, [...path, 'policy']);
  if (expectation.kind === 'in-order')
    expectation.events.forEach(({ policy }, index) => {
      checkTeller(check, policy, [...path, 'events', index, 'policy']);
    });
  if (expectation.kind !== 'decision') return;
  if (expectation.hold !== undefined)
    checkName(check, expectation.hold, [...path, 'hold'], HOLD_REASONS, 'reason');
  if ((expectation.hold === undefined) === (expectation.resizeTo === undefined))
    check.report(path, 'give one of hold and resizeTo (hold: cooldown-in, or resizeTo: 8)');
}

const BOUNDS = ['atLeast', 'atMost', 'equals'] as const;

function checkBounds(check: Check, expectation: Expectation, path: DocumentPath): void {
  const given = BOUNDS.filter((key) => key in expectation);
  if (given.length === 0) check.report(path, 'says no bound (add atLeast, atMost or equals)');
  for (const key of given) {
    const bound = (expectation as Readonly<Record<string, unknown>>)[key];
    if (typeof bound === 'string') checkName(check, bound, [...path, key], check.measures, 'measure');
  }
}

const FORMS = ['constant', 'steps', 'trace'] as const;

function checkLoad({ load, duration }: ScenarioDocument, report: Report): void {
  const given = FORMS.filter((form) => load[form] !== undefined);
  if (given.length !== 1) report(['load'], `give one of ${FORMS.join(', ')} (here: ${given.length})`);
  if (load.from !== undefined && load.trace === undefined)
    report(['load', 'from'], 'belongs to a trace (remove it)', 'key');
  let last = -1;
  for (const [index, step] of (load.steps ?? []).entries()) {
    const at = seconds(step.at);
    if (at <= last)
      report(['load', 'steps', index, 'at'], `${step.at} is not after the step before (put them in order)`);
    if (at > seconds(duration))
      report(
        ['load', 'steps', index, 'at'],
        `${step.at} is after the end of the run (write ${duration} or less)`,
      );
    last = at;
  }
}
