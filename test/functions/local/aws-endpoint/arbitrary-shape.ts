import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef } from '../../../../functions/local/aws-endpoint/service.ts';
import { fc } from '../../../support/fast-check.ts';

/** Structures deeper than this keep their required members only: some shapes contain themselves. */
const MAX_DEPTH = 4;

/** Text that every wire can carry, with what each of them has to escape. */
const text = fc
  .array(
    fc.constantFrom(
      'a',
      'Z',
      '0',
      'é',
      '漢',
      '😀',
      '&',
      '<',
      '>',
      '"',
      "'",
      '+',
      '%',
      '=',
      '.',
      '/',
      '\\',
      'a b',
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(''));

const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map((value) => value + 0),
);

/** Values of a schema, as a handler or a caller would give them. */
export function arbitraryOf(ref: SchemaRef, depth = 0): fc.Arbitrary<unknown> {
  const schema = NormalizedSchema.of(ref);
  if (schema.isStructSchema()) return structureOf(schema, depth);
  if (schema.isListSchema()) {
    const item =
      depth > MAX_DEPTH
        ? fc.constant([])
        : fc.array(arbitraryOf(schema.getValueSchema(), depth + 1), { maxLength: 3 });
    return item;
  }
  if (schema.isMapSchema()) {
    if (depth > MAX_DEPTH) return fc.constant({});
    return fc.dictionary(text, arbitraryOf(schema.getValueSchema(), depth + 1), {
      maxKeys: 2,
      noNullPrototype: true,
    });
  }
  return scalarOf(schema);
}

function structureOf(schema: NormalizedSchema, depth: number): fc.Arbitrary<unknown> {
  const members = [...schema.structIterator()];
  if (schema.isUnionSchema()) {
    const choices = members.map(([name, member]) => fc.record({ [name]: arbitraryOf(member, depth + 1) }));
    return choices.length === 0
      ? fc.constant({})
      : fc.oneof(...(depth > MAX_DEPTH ? choices.slice(0, 1) : choices));
  }
  const always = requiredMembers(schema);
  const kept = depth > MAX_DEPTH ? members.filter(([name]) => always.has(name)) : members;
  const values = Object.fromEntries(
    kept.map(([name, member]) => [name, fc.memo((d) => arbitraryOf(member, d))(depth + 1)]),
  );
  // A missing idempotency token is made up by the client.
  const requiredKeys = kept
    .filter(([name, member]) => always.has(name) || member.isIdempotencyToken())
    .map(([name]) => name);
  return fc.record(values, { requiredKeys, noNullPrototype: true });
}

/** The members that a structure must have, by its model. */
export function requiredMembers(schema: NormalizedSchema): ReadonlySet<string> {
  const [, , , , names = [], , count = 0] = schema.getSchema() as unknown as StructureTuple;
  return new Set(names.slice(0, count));
}

function scalarOf(schema: NormalizedSchema): fc.Arbitrary<unknown> {
  if (schema.isBooleanSchema()) return fc.boolean();
  if (schema.isNumericSchema()) return number;
  if (schema.isTimestampSchema()) {
    return fc.date({ min: new Date('2001-01-01'), max: new Date('2099-01-01'), noInvalidDate: true });
  }
  if (schema.isBlobSchema())
    return fc.uint8Array({ minLength: 1, maxLength: 5 }).map((bytes) => new Uint8Array(bytes));
  if (schema.isDocumentSchema())
    return fc.dictionary(fc.constantFrom('a', 'b'), fc.integer(), { noNullPrototype: true });
  return text;
}

type StructureTuple = readonly [unknown, unknown, unknown, unknown, (readonly string[])?, unknown?, number?];
