import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../../src/core/problem.ts";
import { rulesInFile } from "../../../src/iac/rules-in-file.ts";
import { placesIn } from "../../../src/iac/terraform/source-places.ts";
import { anywhere, evaluateRead } from "../support.ts";
import { changed, created, planWith, quay, ruleType } from "./plans.ts";

const waiver =
  'pull-through-auditor:waive check="allowed-upstream" reason="until the move" owner="team" expires="2999-01-31"';
const root = `/* a
comment */
locals {
  text = "a } in a text"
  more = <<-EOT
    } in a heredoc {
  EOT
}

# ${waiver}
resource "${ruleType}" "a" { # the rule
  ecr_repository_prefix = "\${var.x}}"
}

resource "${ruleType}" "b" {
  // ${waiver}
}
module "m" {
  source = "./modules/m"
}
module "far" {
  source = "registry/x/y"
}
`;
const files = new Map([
  ["infra/main.tf", root],
  ["infra/modules/m/rules.tf", `\nresource "${ruleType}" "this" {\n}\n`],
]);
const place = placesIn({ root: "infra/", files });

function readAt(address: string) {
  const [rule] = rulesInFile(
    planWith([changed(address, ["create"], { after: quay })]),
    "plan.json",
    anywhere,
  ).rules;
  if (rule === undefined) throw new Error("The plan has no rule.");
  return place(rule);
}

describe("the block of a rule is found", () => {
  it.each<readonly [string, object | null, number]>([
    [`${ruleType}.a["x.y"]`, { file: "infra/main.tf", line: 11 }, 1],
    [`${ruleType}.b`, { file: "infra/main.tf", line: 15 }, 1],
    [`module.m["k"].${ruleType}.this[0]`, { file: "infra/modules/m/rules.tf", line: 2 }, 0],
    [`module.far.${ruleType}.this`, null, 0],
    [`${ruleType}.c`, null, 0],
  ])("%s", (address, source, waivers) => {
    const rule = readAt(address);
    expect(rule.source).toEqual(source);
    expect(rule.waivers).toHaveLength(waivers);
  });
});

describe("a comment of HCL", () => {
  it("waives a failure, with its reason and end", () => {
    const file = rulesInFile(
      planWith([created("a", { upstream_registry_url: "mirror.example.com" })]),
      "plan.json",
    );
    const { findings } = evaluateRead([{ ...file, rules: file.rules.map(place) }]);
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: "allowed-upstream",
        status: "WAIVED",
        source: { file: "infra/main.tf", line: 11 },
        waiver: { reason: "until the move", owner: "team", ticket: null, expires: "2999-01-31" },
      }),
    );
  });

  it.each(["", 'check="x"', 'check="x" reason="y" owner="z" expires="soon"'])(
    "that says %j is refused",
    (words) => {
      const text = `# pull-through-auditor:waive ${words}\nresource "${ruleType}" "a" {\n}\n`;
      const [rule] = rulesInFile(planWith([created("a")]), "plan.json").rules;
      if (rule === undefined) throw new Error("The plan has no rule.");
      const find = placesIn({ root: ".", files: new Map([["main.tf", text]]) });
      expect(() => find(rule)).toThrow(ConfigurationError);
    },
  );
});
