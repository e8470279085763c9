import type { PlannedRule } from "../../ecr/rule.ts";
import { parametersOf, spelled } from "../../ecr/rule.ts";
import { safeJson } from "../../render/escape/json.ts";
import type { RemediationPlan } from "../../schemas/remediation-plan.ts";
import { distinctNames, resultsOf } from "./words.ts";

const TYPE = "aws_ecr_pull_through_cache_rule";

/**
 * Renders the rules that exist after the changes as a `.tf.json` file: a provider for each registry, a resource for each
 * rule, and an import for each rule that exists already. Template sequences in strings are escaped by doubling.
 *
 * Source: Terraform language, "JSON Configuration Syntax", and the AWS provider's `aws_ecr_pull_through_cache_rule`
 * (imported by its prefix), November 2026.
 */
export function renderPlanTerraform({ registries }: RemediationPlan): string {
  const placed = registries.flatMap(({ account, region, changes }) =>
    resultsOf(changes).map((result) => ({ ...result, account, region })),
  );
  const names = distinctNames(
    placed.map(({ account, region, rule }) => `r_${account}_${region}_${rule.ecrRepositoryPrefix}`),
    "_",
  );
  const locations = new Map(
    placed.map(({ account, region }) => [aliasOf({ account, region }), { account, region }]),
  );
  const imports = placed.flatMap(({ change, ...location }, index) =>
    change.before === null
      ? []
      : [
          {
            to: `${TYPE}.${names[index]}`,
            id: literal(change.before.ecrRepositoryPrefix),
            provider: `aws.${aliasOf(location)}`,
          },
        ],
  );
  const file = {
    "//": "Planned by pull-through-auditor. Give each provider the credentials of its account. Deletions are not included.",
    provider: {
      aws: Array.from(locations, ([alias, { account, region }]) => ({
        alias,
        region: literal(region),
        allowed_account_ids: [literal(account)],
      })),
    },
    ...(imports.length === 0 ? {} : { import: imports }),
    resource: {
      [TYPE]: Object.fromEntries(
        placed.map(({ rule, ...location }, index) => [
          names[index],
          { provider: `aws.${aliasOf(location)}`, ...argumentsOf(rule) },
        ]),
      ),
    },
  };
  return `${safeJson(file, 2)}\n`;
}

function aliasOf({ account, region }: { readonly account: string; readonly region: string }): string {
  return distinctNames([`r_${account}_${region}`], "_").join();
}

function argumentsOf(rule: PlannedRule) {
  const named = Object.entries(parametersOf(rule)).map(
    ([name, value]) => [spelled(name, "_"), literal(value)] as const,
  );
  return Object.fromEntries(named);
}

/** Escapes a text so that Terraform takes it literally: doubles each sign that starts a template. */
function literal(text: string): string {
  return text.replaceAll(/[$%](?=\{)/g, (sign) => `${sign}${sign}`);
}
