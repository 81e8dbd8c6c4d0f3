import type { MetricReading, UnitSample } from '../../core/capacity.ts';
import type { MetricSpec } from '../../core/metric.ts';
import { type Instant, instant } from '../../core/time.ts';
import type { MetricRequest, MetricSource } from '../../ports/metric-source.ts';

/** One metric of one unit, and whose it is. */
interface Part {
  readonly unit: string;
  readonly request: MetricRequest;
}

/**
 * A source that reads metrics with a {@link MetricSpec.unitDimension} for every unit of the request, in the same calls as the
 * others, and puts the values together as samples. A unit without a usable value has no sample: it is missing, not zero.
 */
export const perUnitMetrics = (source: MetricSource): MetricSource => ({
  async read(requests, now) {
    const parts = new Map(requests.map((request) => [request, partsOf(request)] as const));
    const asked = requests.flatMap((request) => {
      const own = parts.get(request) ?? null;
      return own === null ? [request] : own.map((part) => part.request);
    });
    const readings = asked.length === 0 ? new Map<string, MetricReading>() : await source.read(asked, now);
    return new Map(
      requests.flatMap((request) => {
        const own = parts.get(request) ?? null;
        const reading = own === null ? readings.get(request.key) : together(request.metric, own, readings);
        return reading === undefined ? [] : [[request.key, reading] as const];
      }),
    );
  },
});

/** The requests of the units, or null for a metric that is one for all of them. */
function partsOf({ key, metric, units }: MetricRequest): readonly Part[] | null {
  const { unitDimension, query } = metric;
  if (unitDimension === undefined || query.kind !== 'stat') return null;
  return (units ?? []).map((unit) => {
    const dimensions = { ...query.dimensions, [unitDimension]: unit };
    const own: MetricSpec = { ...metric, query: { ...query, dimensions }, unitDimension: undefined };
    return { unit, request: { key: `${key}\n${unit}`, metric: own } };
  });
}

function together(
  { historySeconds }: MetricSpec,
  parts: readonly Part[],
  readings: ReadonlyMap<string, MetricReading>,
): MetricReading {
  const found = parts.map(({ unit, request }) => ({ unit, reading: readings.get(request.key) }));
  const values = found.flatMap(({ unit, reading }) => (reading?.kind === 'value' ? [{ unit, reading }] : []));
  const [first] = values;
  if (first === undefined) return nothingSeen(found.map(({ reading }) => reading));
  if (historySeconds > 0) return meanOverTime(values.map(({ reading }) => reading));
  const samples: readonly UnitSample[] = values.map(({ unit, reading }) => ({ unit, value: reading.value }));
  const at = instant(Math.max(...values.map(({ reading }) => reading.at)));
  return { kind: 'samples', samples, at };
}

type Value = Extract<MetricReading, { kind: 'value' }>;

/** A sustained threshold asks for the past as well: the mean of the units that reported, period by period. */
function meanOverTime(values: readonly Value[]): MetricReading {
  const byTime = new Map<Instant, number[]>();
  for (const { at, value, earlier = [] } of values) {
    for (const point of [{ at, value }, ...earlier]) {
      byTime.set(point.at, [...(byTime.get(point.at) ?? []), point.value]);
    }
  }
  const means = [...byTime]
    .map(([at, all]) => ({ at, value: all.reduce((sum, value) => sum + value, 0) / all.length }))
    .sort((one, other) => other.at - one.at);
  const [newest, ...earlier] = means;
  return newest === undefined ? nothingSeen([]) : { kind: 'value', ...newest, earlier };
}

function nothingSeen(readings: readonly (MetricReading | undefined)[]): MetricReading {
  const told = readings.find((reading) => reading?.kind === 'missing');
  if (told !== undefined) return told;
  const detail = readings.length === 0 ? 'there is no unit to read it of' : 'no unit has a value';
  return { kind: 'missing', reason: 'no-data', detail };
}
