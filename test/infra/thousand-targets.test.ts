import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { aPolicy } from '../support/a-policy.ts';
import { filledIn, synthesize } from './synthesize.ts';

const policies = Array.from({ length: 1000 }, (_, index) => {
  const service = `service-${String(index).padStart(4, '0')}`;
  return aPolicy({ name: service, target: { kind: 'ecs-service', cluster: 'production', service } });
});

describe('a deployment of a thousand targets', () => {
  const { stack, template, nested, resources } = synthesize({ policies });
  const managed = Object.values(resources('AWS::IAM::ManagedPolicy'));
  const rules = Object.values(resources('AWS::Events::Rule'));

  it('keeps every stack under the 500 resources and the megabyte that CloudFormation takes', () => {
    for (const each of [template, ...nested]) {
      const json = each.toJSON() as { readonly Resources: object };
      expect(Object.keys(json.Resources).length).toBeLessThan(500);
      expect(JSON.stringify(json).length).toBeLessThan(1_000_000);
    }
  });

  it('has all 2,000 alarms, each once', () => {
    const names = nested.flatMap((each) =>
      Object.values(each.findResources('AWS::CloudWatch::Alarm')).map(
        ({ Properties }) => Properties.AlarmName,
      ),
    );
    expect(new Set(names).size).toBe(2000);
  });

  it('names every service in the statements, within what a managed policy holds', () => {
    const documents = managed.map(({ Properties }) => filledIn(Properties['PolicyDocument']));
    for (const document of documents) expect(document.length).toBeLessThanOrEqual(6144);
    expect(documents.length).toBeLessThanOrEqual(25);
    for (const { name } of policies) expect(documents.join('')).toContain(`:service/production/${name}"`);
    expect(documents.join('')).not.toContain('*');
  });

  it('names every service in the rules, within what an event pattern and a queue policy hold', () => {
    const patterns = rules.map(({ Properties }) => filledIn(Properties['EventPattern']));
    for (const pattern of patterns) expect(pattern.length).toBeLessThanOrEqual(2048);
    for (const { name } of policies) expect(patterns.join('')).toContain(`:service/production/${name}"`);
    for (const { Properties } of Object.values(resources('AWS::SQS::QueuePolicy'))) {
      const references = JSON.stringify(Properties).match(/"Fn::GetAtt"/g) ?? [];
      expect(references.length * 100).toBeLessThan(8192);
    }
  });

  it('says which quota must be raised before it can be deployed', () => {
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('L-0DA4ABF3'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.entry.data).toContain(
      `1000 targets take ${managed.length} managed policies per role`,
    );
  });
});

describe('a deployment beyond what a role can hold', () => {
  it('is refused with the numbers and the way out', () => {
    const many = Array.from({ length: 2500 }, (_, index) =>
      aPolicy({
        name: `s${index}`,
        target: { kind: 'ecs-service', cluster: 'production', service: `s${index}` },
      }),
    );
    expect(() => synthesize({ policies: many })).toThrow(
      /2500 targets take \d+ managed policies.*two regions/,
    );
  });
});
