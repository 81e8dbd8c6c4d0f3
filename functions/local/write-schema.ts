import { writeFile } from 'node:fs/promises';
import { policyJsonSchema } from '../../shared/config/policy-json-schema.ts';

const file = new URL('../../policies/policy.schema.json', import.meta.url);
await writeFile(file, policyJsonSchema());
console.log('policies/policy.schema.json');
