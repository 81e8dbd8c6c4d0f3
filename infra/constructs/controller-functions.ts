import { Duration } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { FunctionEnvironment, FunctionName } from '../../shared/config/function-env.ts';
import type { Announcements } from './announcements.ts';
import { ControllerFunction, type ControllerFunctionProps } from './controller-function.ts';
import type { LedgerTable } from './ledger-table.ts';

/** What all functions share. */
export interface ControllerFunctionsProps {
  readonly code: Code;
  readonly version: string;
  readonly ledger: LedgerTable;
  readonly announcements: Announcements;
}

/** CloudWatch namespace of the controller's own metrics. */
export const METRICS_NAMESPACE = 'Plimsoll';

const EVENT_RETENTION_DAYS = '90';

/** How long the functions that read a queue may take for one batch. */
const QUEUE_READER_TIMEOUT = Duration.seconds(20);

/** The five functions, each with what it may do to the ledger and whom it may tell. */
export class ControllerFunctions extends Construct {
  readonly alarm: ControllerFunction<'alarm'>;
  readonly sweep: ControllerFunction<'sweep'>;
  readonly settle: ControllerFunction<'settle'>;
  readonly relay: ControllerFunction<'relay'>;
  readonly api: ControllerFunction<'api'>;
  readonly ledger: LedgerTable;
  /** What every function is told. */
  readonly common: FunctionEnvironment<'warm'>;

  constructor(
    scope: Construct,
    id: string,
    { code, version, ledger, announcements }: ControllerFunctionsProps,
  ) {
    super(scope, id);
    this.ledger = ledger;
    const common = { TABLE_NAME: ledger.table.tableName, METRICS_NAMESPACE, EVENT_RETENTION_DAYS };
    this.common = common;
    const publishing = {
      EVENT_BUS_NAME: announcements.bus.eventBusName,
      TOPIC_ARN: announcements.topic.topicArn,
    };
    this.alarm = this.make({
      name: 'alarm',
      description: 'Answers alarms that changed their state.',
      code,
      environment: common,
      timeout: QUEUE_READER_TIMEOUT,
      memorySize: 512,
      evaluates: true,
    });
    this.sweep = this.make({
      name: 'sweep',
      description: 'Asks every target that is due, each minute.',
      code,
      environment: { ...common, ...publishing },
      // Two sweeps do no harm to each other, but one that is this slow has met a fault.
      timeout: Duration.seconds(55),
      memorySize: 1024,
      evaluates: true,
    });
    this.settle = this.make({
      name: 'settle',
      description: 'Follows resizes to their end by the events of ECS, RDS and ElastiCache.',
      code,
      environment: common,
      timeout: QUEUE_READER_TIMEOUT,
      memorySize: 512,
      evaluates: false,
    });
    this.relay = this.make({
      name: 'relay',
      description: 'Turns what the ledger committed into scaling events.',
      code,
      environment: { ...common, ...publishing },
      timeout: Duration.seconds(30),
      memorySize: 512,
      evaluates: false,
    });
    this.api = this.make({
      name: 'api',
      description: 'Answers the HTTP API: events, receipts, scaling by hand, overrides, emergencies.',
      code,
      environment: { ...common, PLIMSOLL_VERSION: version },
      // API Gateway gives up after 30 seconds; the function answers with an error of its own before that.
      timeout: Duration.seconds(25),
      memorySize: 512,
      // What an override lets happen, or no longer holds, happens in the same request.
      evaluates: true,
    });
    this.grant(ledger, announcements);
  }

  /** All of them. */
  get all(): readonly ControllerFunction[] {
    return [this.alarm, this.sweep, this.settle, this.relay, this.api];
  }

  private grant(ledger: LedgerTable, announcements: Announcements): void {
    ledger.grantCommits(this.alarm, this.sweep, this.settle, this.api);
    ledger.grantDue(this.sweep);
    ledger.grantHistory(this.api);
    // The sweep picks up what the relay left behind; what it may commit covers the ledger's side of that.
    ledger.grantRelay(this.relay);
    announcements.grantPublish(this.sweep);
    announcements.grantPublish(this.relay);
  }

  private make<N extends FunctionName>(props: ControllerFunctionProps<N>): ControllerFunction<N> {
    const { name } = props;
    return new ControllerFunction(this, `${name.charAt(0).toUpperCase()}${name.slice(1)}`, props);
  }
}
