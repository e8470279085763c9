import type { PlannedRule } from "../../ecr/rule.ts";
import { parametersOf, spelled } from "../../ecr/rule.ts";
import { safeJson } from "../../render/escape/json.ts";
import type { RegistryPlan } from "../../schemas/remediation-plan.ts";
import { distinctNames, resultsOf } from "./words.ts";

/**
 * Renders a CloudFormation template, in JSON, of the rules that exist after the changes to a registry; `null` if there are
 * none. The deletion policy is `Retain`, which CloudFormation requires for imported resources.
 */
export function renderPlanCloudFormation({ account, region, changes }: RegistryPlan): string | null {
  const results = resultsOf(changes);
  if (results.length === 0) return null;
  const names = distinctNames(
    results.map(({ rule }) => `rule ${rule.ecrRepositoryPrefix}`),
    "",
  );
  const resources = results.map(({ change: { action }, rule }, index) => [
    names[index],
    {
      Type: "AWS::ECR::PullThroughCacheRule",
      DeletionPolicy: "Retain",
      Metadata: { PullThroughAuditor: { Action: action } },
      Properties: propertiesOf(rule),
    },
  ]);
  const template = {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `Pull through cache rules of account ${account} in ${region}, planned by pull-through-auditor. Import existing rules into the stack, or delete them first.`,
    Resources: Object.fromEntries(resources),
  };
  return `${safeJson(template, 2)}\n`;
}

function propertiesOf(rule: PlannedRule) {
  const named = Object.entries(parametersOf(rule)).map(
    ([name, value]) => [spelled(name, "Aa"), value] as const,
  );
  return Object.fromEntries(named);
}
