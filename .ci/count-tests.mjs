// node .ci/count-tests.mjs REPORT…: adds up vitest's JSON reports, names every test that was left out, and closes with
// the line that says how it went. Fails unless every test ran and passed.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const say = (line) => process.stdout.write(`${line}\n`);

const reports = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, 'utf8')));
const files = reports.flatMap((report) => report.testResults);
const tests = files.flatMap((file) =>
  file.assertionResults.map(({ fullName, status }) => ({ file: file.name, fullName, status })),
);
const passed = tests.filter(({ status }) => status === 'passed').length;
const left = tests.filter(({ status }) => status !== 'passed');
// A file that cannot be loaded has no tests to count.
const broken = files.filter(
  ({ status, assertionResults }) =>
    status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
);

for (const { file, fullName, status } of left) say(`${status}: ${relative('.', file)}: ${fullName}`);
for (const { name, message } of broken) say(`failed: ${relative('.', name)}: ${message}`);
const bad = left.length + broken.length;
if (passed === 0) say('no test ran');
say(`${passed} passed, ${bad} failed`);
process.exitCode = bad > 0 || passed === 0 || reports.some(({ success }) => !success) ? 1 : 0;
