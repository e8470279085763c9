import type { PlannedRule, RegistryPlan, RemedyPlan, RuleChange } from "../../model/remedy-plan.ts";
import { ROOT_PREFIX } from "../../model/rule.ts";
import { briefLine } from "../escape/brief.ts";
import { shellWord } from "../escape/shell.ts";
import { changeTitle, planSummary } from "./words.ts";

const head = `#!/bin/sh
set -eu

# Whether the credentials in use are those of the account: each registry needs its own.
in_account() {
  test "$(aws sts get-caller-identity --query Account --output text)" = "$1" && return 0
  echo "Left out: set credentials of account $1, and run this again" >&2
  return 1
}
`;

/** The plan as a shell script of AWS CLI commands. What was collected is quoted, and in comments made harmless. */
export function renderPlanCli(plan: RemedyPlan): string {
  const people = plan.instructions.map(
    ({ account, region, prefix, check, question, instruction }) =>
      `${account} ${region} ${prefix ?? "-"} ${check}: ${question ?? instruction}`,
  );
  const parts = [
    `${head}\n${comment(planSummary(plan))}`,
    ...plan.registries.map(registryScript),
    ...(people.length === 0 ? [] : [[comment("For people:"), ...people.map(comment)].join("\n")]),
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
      const command = ecr("update-pull-through-cache-rule", region, {
        "ecr-repository-prefix": after.ecrRepositoryPrefix,
        "credential-arn": after.credentialArn === before.credentialArn ? null : after.credentialArn,
        "custom-role-arn": after.customRoleArn === before.customRoleArn ? null : after.customRoleArn,
      });
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
  const { upstreamRepositoryPrefix } = rule;
  return ecr("create-pull-through-cache-rule", region, {
    "ecr-repository-prefix": rule.ecrRepositoryPrefix,
    "upstream-registry-url": rule.upstreamRegistryUrl,
    "upstream-repository-prefix": upstreamRepositoryPrefix === ROOT_PREFIX ? null : upstreamRepositoryPrefix,
    "credential-arn": rule.credentialArn,
    "custom-role-arn": rule.customRoleArn,
  });
}

function remove({ ecrRepositoryPrefix }: PlannedRule, region: string): string {
  return ecr("delete-pull-through-cache-rule", region, { "ecr-repository-prefix": ecrRepositoryPrefix });
}

function validate({ ecrRepositoryPrefix }: PlannedRule, region: string): string {
  return ecr("validate-pull-through-cache-rule", region, { "ecr-repository-prefix": ecrRepositoryPrefix });
}

/** A value is joined to its option, so that one which begins with a hyphen stays a value. */
function ecr(operation: string, region: string, options: Readonly<Record<string, string | null>>): string {
  const words = Object.entries({ region, ...options }).flatMap(([name, value]) =>
    value === null ? [] : [shellWord(`--${name}=${value}`)],
  );
  return ["aws", "ecr", operation, ...words].join(" ");
}
