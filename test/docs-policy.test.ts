import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkIds } from "../src/checks/index.ts";
import { packageFile } from "../src/package-file.ts";
import { parsePolicy } from "../src/policy/load.ts";
import { policySchema } from "../src/policy/schema.ts";
import { runCase } from "../src/policy-test/run.ts";
import { readPolicyTest, refuseUnknownChecks } from "../src/policy-test/schema.ts";
import { aDemandingPolicy, NOW } from "./support/builders.ts";

const text = readFileSync(packageFile("docs/policy.md"), "utf8");
const snippets = Array.from(text.matchAll(/^```json\n(.*?)^```$/gms), ([, snippet = ""]) => snippet);
const [tests, policies] = [
  snippets.filter((snippet) => "cases" in JSON.parse(snippet)),
  snippets.filter((snippet) => !("cases" in JSON.parse(snippet))),
];

/** A snippet as a whole policy: a section is one beside what every policy must have. */
function policyOf(snippet: string) {
  return parsePolicy(
    { version: 1, allowedUpstreams: [], ...JSON.parse(snippet) },
    "docs/policy.md",
    checkIds,
  );
}

describe("docs/policy.md", () => {
  it.each(policies.map((snippet) => [snippet.replace(/\s+/g, " ").slice(0, 60), snippet]))(
    "shows a policy that holds: %s",
    (_head, snippet) => {
      expect(() => policyOf(snippet)).not.toThrow();
    },
  );

  it("shows every section of the policy", () => {
    const shown = new Set(policies.flatMap((snippet) => Object.keys(JSON.parse(snippet))));
    expect([...shown].toSorted()).toEqual(Object.keys(policySchema.shape).toSorted());
  });

  it("shows cases that a policy of its kind meets", () => {
    expect(tests).toHaveLength(1);
    for (const snippet of tests) {
      const test = readPolicyTest(snippet, "docs/policy.md");
      refuseUnknownChecks(test, "docs/policy.md", checkIds);
      const policy = aDemandingPolicy({
        requiredRules: [],
        undeclaredRules: "allow",
        creationTemplates: undefined,
        scanning: { frequencies: ["SCAN_ON_PUSH"] },
      });
      expect(test.cases.flatMap((one) => runCase(one, policy, NOW).differences)).toEqual([]);
    }
  });

  it("points to files that there are", () => {
    const targets = Array.from(text.matchAll(/\]\((?!https?:)([^)#]+)/g), ([, target = ""]) => target);
    expect(targets.length).toBeGreaterThan(5);
    for (const target of targets) expect(() => readTarget(target)).not.toThrow();
  });
});

function readTarget(target: string): unknown {
  const path = packageFile(`docs/${target}`);
  return target.endsWith("examples") ? readFileSync(`${path}/small-team.json`) : readFileSync(path);
}
