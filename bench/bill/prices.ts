/**
 * AWS list prices of us-east-1 in dollars, without any free tier. Each of them belongs to a page `https://aws.amazon.com/…/pricing/`
 * whose name stands beside it, and was compared with public copies of it in 2026. Look again before you rely on a cent.
 */
export const PRICES = {
  /** cloudwatch: an alarm on one metric, a month; per metric where it is a metric math expression. */
  standardAlarmMonth: 0.1,
  /** cloudwatch: the same with a period under a minute. */
  highResolutionAlarmMonth: 0.3,
  /** cloudwatch: GetMetricData, a metric requested. Always charged, the free tier of API requests leaves it out. */
  metricRead: 0.01 / 1000,
  /** cloudwatch: a custom metric a month, prorated by the hours in which it was published. */
  customMetricMonth: 0.3,
  /** cloudwatch: logs of the standard class, taken in and (compressed to about 15 %) kept for a month. */
  logGigabyte: 0.5,
  logGigabyteMonth: 0.03 * 0.15,
  /** lambda: a request, and a gigabyte second on arm64. */
  invocation: 0.2 / 1e6,
  gigabyteSecond: 0.0000133334,
  /** dynamodb/pricing/on-demand, since November 2024: units of 1 kB written, of 4 kB read strongly consistent; storage with backups. */
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  storedGigabyteMonth: 0.25 + 0.2,
  /** eventbridge: an event of ours on a bus of ours (events of AWS are free), and an invocation by Scheduler. */
  busEvent: 1 / 1e6,
  scheduledInvocation: 1 / 1e6,
  /** sqs: a request to a standard queue. */
  queueRequest: 0.4 / 1e6,
  /** sns: a publication; deliveries by e-mail beyond it are the subscriber's choice. */
  notification: 0.5 / 1e6,
  /** xray: a trace recorded. */
  trace: 5 / 1e6,
  /** kms: a request under an AWS managed key. */
  keyRequest: 0.03 / 10_000,
} as const;

/** What nobody can count on this machine. Each is set on the high side; the bill says how little they weigh. */
export const ASSUMED = {
  /** Billed seconds of one invocation, cold starts included: seconds of its own, and seconds for each target that it asks. */
  seconds: { sweep: 0.1, sweepTarget: 0.008, alarm: 0.25, settle: 0.25, relay: 0.15 },
  /** Memory in GB, as infra sets it. */
  memory: { sweep: 1, alarm: 0.5, settle: 0.5, relay: 0.5 },
  /** Bytes that Lambda (START, END, REPORT) and the logger (request id, function, time) add to what we write. */
  logBytes: { invocation: 450, line: 480 },
  /** Lambda keeps five long polls of 20 seconds open on every queue ("Using Lambda with Amazon SQS", Lambda developer guide). */
  pollsAMinute: 5 * 3,
  queues: 2,
  /** Sent, received, deleted. */
  requestsAMessage: 3,
  /** DynamoDB and SNS keep a data key for five minutes (their developer guides, "Encryption at rest"). */
  keyRequestsAMinute: 2 / 5,
  /** X-Ray's default rule: the first request of each second, and this share of the rest, for each function. */
  tracedRest: 0.05,
} as const;
