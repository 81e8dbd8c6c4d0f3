import { CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Policy } from '../shared/core/policy.ts';
import type { WarmPlan } from '../shared/core/warm-plan.ts';
import { Announcements } from './constructs/announcements.ts';
import { CacheWarmer } from './constructs/cache-warmer.ts';
import { ControlApi } from './constructs/control-api.ts';
import { ControllerFunctions } from './constructs/controller-functions.ts';
import { EventQueue } from './constructs/event-queue.ts';
import { LedgerRelay } from './constructs/ledger-relay.ts';
import { LedgerTable } from './constructs/ledger-table.ts';
import { MinuteSchedule } from './constructs/minute-schedule.ts';
import { PolicyAlarms } from './constructs/policy-alarms.ts';
import { SelfWatch } from './constructs/self-watch.ts';
import { TargetAccess } from './constructs/target-access.ts';
import { alarmPatterns, cachePatterns, databasePatterns, servicePatterns } from './event-patterns.ts';
import { targetRights } from './rights/target-rights.ts';
import { serviceArns } from './service-arns.ts';

/** What a deployment consists of. */
export interface ControllerStackProps {
  readonly policies: readonly Policy[];
  /** Absent = none, and no function that warms. */
  readonly warmPlans?: readonly WarmPlan[] | undefined;
  /** The built functions, with the compiled policies beside them. */
  readonly code: Code;
  readonly version: string;
  /** Whether the ledger outlives the stack: its history answers "why did it scale?". */
  readonly ledger: 'retain' | 'discard';
}

/** The controller, whole: one per region and account, because alarms and functions have fixed names. */
export class ControllerStack extends Stack {
  constructor(scope: Construct, id: string, props: ControllerStackProps) {
    const { policies, code, version, ledger } = props;
    super(scope, id, {
      description: `Plimsoll ${version}: keeps ${policies.length} targets at their load line.`,
    });
    Tags.of(this).add('plimsoll:managed', 'true');
    const services = serviceArns(this, policies);
    const ledgerTable = new LedgerTable(this, 'Ledger', { whenStackGoes: ledger });
    const { table } = ledgerTable;
    const announcements = new Announcements(this, 'Announcements');
    const functions = new ControllerFunctions(this, 'Functions', {
      code,
      version,
      ledger: ledgerTable,
      announcements,
    });
    const { alarm, sweep, settle, relay, api } = functions;

    new PolicyAlarms(this, 'Alarms', { policies });
    new TargetAccess(this, 'TargetAccess', {
      rights: targetRights(this, policies),
      targets: policies.length,
      resizing: [alarm, sweep, settle, api].map(({ role }) => role),
      promoting: api.role,
    });
    const alarmEvents = new EventQueue(this, 'AlarmEvents', { reader: alarm });
    alarmEvents.receive('Alarms', alarmPatterns(policies));
    const serviceEvents = new EventQueue(this, 'ServiceEvents', { reader: settle });
    serviceEvents.receive('Services', servicePatterns(services));
    serviceEvents.receive('Databases', databasePatterns(this, policies));
    serviceEvents.receive('Caches', cachePatterns(policies));
    const schedule = new MinuteSchedule(this, 'EachMinute', { handler: sweep.handler });
    const ledgerRelay = new LedgerRelay(this, 'Relay', { table, relay });
    const warmer = this.warmer(props, functions, announcements);
    const { url } = new ControlApi(this, 'Api', { handler: api.handler });
    const watch = new SelfWatch(this, 'Watch', {
      functions: [...functions.all, ...(warmer === null ? [] : [warmer.function])],
      sweep,
      relay,
      deadLetters: {
        alarm: alarmEvents.deadLetters,
        settle: serviceEvents.deadLetters,
        sweep: schedule.deadLetters,
        relay: ledgerRelay.deadLetters,
        ...(warmer === null ? {} : { warm: warmer.deadLetters }),
      } satisfies Readonly<Record<string, Queue>>,
    });
    this.output('ApiUrl', url);
    this.output('LedgerTableName', table.tableName);
    this.output('EventBusName', announcements.bus.eventBusName);
    this.output('EventsTopicArn', announcements.topic.topicArn);
    this.output('AttentionTopicArn', watch.topic.topicArn);
  }

  private warmer(
    { warmPlans = [], policies, code }: ControllerStackProps,
    functions: ControllerFunctions,
    announcements: Announcements,
  ): CacheWarmer | null {
    if (warmPlans.length === 0) return null;
    const names = warmPlans.flatMap(({ onDeploymentOf }) => onDeploymentOf);
    const deployed = serviceArns(
      this,
      policies.filter(({ name }) => names.includes(name)),
    );
    const { common: environment, ledger } = functions;
    const warmer = new CacheWarmer(this, 'Warmer', {
      ...{ code, environment, plans: warmPlans, policies, deployed, announcements },
    });
    ledger.grantCommits(warmer.function);
    return warmer;
  }

  private output(name: string, value: string): void {
    new CfnOutput(this, name, { value });
  }
}
