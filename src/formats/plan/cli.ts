import { awsOnRule, shellWord } from "../../ecr/commands.ts";
import type { PlannedRule } from "../../ecr/rule.ts";
import { accessChange, accessParameters, parametersOf } from "../../ecr/rule.ts";
import { briefLine } from "../../render/escape/cut.ts";
import type { RegistryPlan, RemediationPlan, RuleChange } from "../../schemas/remediation-plan.ts";
import { changeTitle, planSummary } from "./words.ts";

const head = `#!/bin/sh
set -eu

# Succeeds if the current credentials belong to the account: each account needs its own credentials.
in_account() {
  test "$(aws sts get-caller-identity --query Account --output text)" = "$1" && return 0
  echo "Skipped: set credentials for account $1 and run this script again" >&2
  return 1
}
`;

/** Renders the plan as a shell script of AWS CLI commands. Collected text is quoted, and made harmless in comments. */
export function renderPlanCli(plan: RemediationPlan): string {
  const manualSteps = plan.instructions.map(
    ({ account, region, prefix, check, question, instruction }) =>
      `${account} ${region} ${prefix ?? "-"} ${check}: ${question ?? instruction}`,
  );
  const parts = [
    `${head}\n${comment(planSummary(plan))}`,
    ...plan.registries.map(registryScript),
    ...(manualSteps.length === 0 ? [] : [[comment("Manual steps:"), ...manualSteps.map(comment)].join("\n")]),
  ];
  return `${parts.join("\n\n")}\n`;
}

function comment(text: string): string {
  return `# ${briefLine(text)}`;
}

function registryScript({ account, region, changes }: RegistryPlan): string {
  const lines = changes.flatMap((change) => [
    comment(changeTitle(change)),
    ...change.effects.map(comment),
    ...commandsOf(change, region),
  ]);
  return [`if in_account ${shellWord(account)}; then`, ...lines.map((line) => `  ${line}`), "fi"].join("\n");
}

function commandsOf(change: RuleChange, region: string): readonly string[] {
  switch (change.action) {
    case "create":
      return [create(change.after, region), validate(change.after, region)];
    case "update": {
      const { before, after } = change;
      const { ecrRepositoryPrefix } = after;
      const access = accessParameters(accessChange(before, after));
      const command = awsOnRule("update", { region }, { ecrRepositoryPrefix, ...access });
      return [command, validate(after, region)];
    }
    case "replace": {
      const { before, after } = change;
      const made = [create(after, region), validate(after, region)];
      const isRenamed = before.ecrRepositoryPrefix !== after.ecrRepositoryPrefix;
      return isRenamed ? [...made, remove(before, region)] : [remove(before, region), ...made];
    }
    case "delete":
      return [remove(change.before, region)];
  }
}

function create(rule: PlannedRule, region: string): string {
  return awsOnRule("create", { region }, parametersOf(rule));
}

function remove({ ecrRepositoryPrefix }: PlannedRule, region: string): string {
  return awsOnRule("delete", { region }, { ecrRepositoryPrefix });
}

function validate({ ecrRepositoryPrefix }: PlannedRule, region: string): string {
  return awsOnRule("validate", { region }, { ecrRepositoryPrefix });
}
