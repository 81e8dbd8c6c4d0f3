import * as z from 'zod';
import { ApplicationDocument } from './schema/application.ts';
import { BindingsDocument } from './schema/bindings.ts';
import { GuardrailsDocument, ResourceQuotaDocument } from './schema/guardrails.ts';
import { HorizontalPodAutoscalerDocument } from './schema/horizontal-pod-autoscaler.ts';
import { ScalingPolicyDocument } from './schema/scaling-policy.ts';
import { WarmPlanDocument } from './schema/warm-plan.ts';

/** The JSON Schema that editors use for every document of a policy file, as text: `policies/policy.schema.json`. */
export function policyJsonSchema(): string {
  const document = z
    .discriminatedUnion('kind', [
      ScalingPolicyDocument,
      HorizontalPodAutoscalerDocument,
      BindingsDocument,
      ApplicationDocument,
      GuardrailsDocument,
      WarmPlanDocument,
      ResourceQuotaDocument,
    ])
    .meta({ title: 'Plimsoll policy file', description: 'A document of a policy file of Plimsoll.' });
  const schema = z.toJSONSchema(document, { target: 'draft-7', io: 'input' });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
