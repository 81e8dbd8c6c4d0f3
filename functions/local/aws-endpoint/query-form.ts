import { FromStringShapeDeserializer } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import { awsError } from './errors.ts';
import type { SchemaRef } from './service.ts';

/** A level of the dotted keys of an awsQuery form: `MetricData.member.1.Value=3`. */
interface FormNode {
  value: string;
  readonly children: Map<string, FormNode>;
}

// 5 = ISO 8601, awsQuery's timestamps.
const scalars = new FromStringShapeDeserializer({ timestampFormat: { useTrait: true, default: 5 } });

/**
 * Reads the parameters of an awsQuery request; the SDK can only write them.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-query-serialization
 * @throws ServiceException MalformedInput when a value does not fit its type.
 */
export function decodeForm(input: SchemaRef, form: URLSearchParams): unknown {
  const schema = NormalizedSchema.of(input);
  return schema.isUnitSchema() ? {} : readStructure(schema, treeOf(form));
}

function treeOf(form: URLSearchParams): FormNode {
  const root: FormNode = { value: '', children: new Map() };
  for (const [key, value] of form) {
    let node = root;
    for (const part of key.split('.')) {
      let child = node.children.get(part);
      if (child === undefined) {
        child = { value: '', children: new Map() };
        node.children.set(part, child);
      }
      node = child;
    }
    node.value = value;
  }
  return root;
}

function read(schema: NormalizedSchema, node: FormNode): unknown {
  if (schema.isStructSchema()) return readStructure(schema, node);
  if (schema.isListSchema()) return readList(schema, node);
  if (schema.isMapSchema()) return readMap(schema, node);
  return readScalar(schema, node.value);
}

function readStructure(schema: NormalizedSchema, node: FormNode): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const child = node.children.get(member.getMergedTraits().xmlName ?? name);
    if (child !== undefined) value[name] = read(member, child);
  }
  return value;
}

function readList(schema: NormalizedSchema, node: FormNode): readonly unknown[] {
  const item = schema.getValueSchema();
  const named = item.getMergedTraits().xmlName ?? 'member';
  const parent = schema.getMergedTraits().xmlFlattened
    ? node
    : (node.children.get(named) ?? node.children.get('member'));
  return inOrder(parent).map((child) => read(item, child));
}

function readMap(schema: NormalizedSchema, node: FormNode): Record<string, unknown> {
  const [key, value] = [schema.getKeySchema(), schema.getValueSchema()];
  const parent = schema.getMergedTraits().xmlFlattened ? node : node.children.get('entry');
  const entries = inOrder(parent).flatMap((entry) => {
    const name = entry.children.get(key.getMergedTraits().xmlName ?? 'key');
    const child = entry.children.get(value.getMergedTraits().xmlName ?? 'value');
    return name === undefined || child === undefined ? [] : [[name.value, read(value, child)] as const];
  });
  return Object.fromEntries(entries);
}

/** The numbered children in the order of their numbers: an empty list is sent as a key without any. */
function inOrder(node: FormNode | undefined): readonly FormNode[] {
  if (node === undefined) return [];
  return [...node.children].sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);
}

function readScalar(schema: NormalizedSchema, text: string): unknown {
  const value: unknown = scalars.read(schema, text);
  if (typeof value === 'number' && Number.isNaN(value) && text !== 'NaN') {
    throw awsError('MalformedInput', `${schema.getMemberName()}: "${text}" is not a number.`);
  }
  return value;
}
