import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { renderPlanCli } from "../../src/formats/plan/cli.ts";
import { renderPlanCloudFormation } from "../../src/formats/plan/cloudformation.ts";
import { renderPlanJson } from "../../src/formats/plan/json.ts";
import { renderPlanTerraform } from "../../src/formats/plan/terraform.ts";
import { renderPlanText } from "../../src/formats/plan/text.ts";
import { evaluateFiles } from "../../src/iac/evaluate/evaluate-files.ts";
import { type FileOfRules, rulesInFile } from "../../src/iac/rules-in-file.ts";
import { readPlan } from "../../src/remediation/apply/read-plan.ts";
import type { RemediationPlan } from "../../src/schemas/remediation-plan.ts";
import { remediationPlanSchema } from "../../src/schemas/remediation-plan.ts";
import { hostileRows, unprintable } from "../render/hostile-texts.ts";
import { aRegistryOf, NOW, type PolicyFile } from "../support/builders.ts";
import { changesIn, loaded, planFor, ROLE, secretArn } from "./support.ts";

const location = { account: "111122223333", region: "eu-west-1" };
const policy: Partial<PolicyFile> = {
  allowedUpstreams: [
    { registry: "docker-hub", prefixes: ["docker-hub"], secretNames: ["ecr-pullthroughcache/given"] },
    { registry: "quay", prefixes: ["quay"] },
    { registry: "k8s" },
    { registry: "ecr", upstreamPrefixes: ["base"] },
  ],
  requiredRules: [{ prefix: "kubernetes", registry: "k8s" }],
};

/** A plan with every action: an update, a deletion, two replacements and a creation. */
const plan = planFor(
  aRegistryOf(
    {},
    { ecrRepositoryPrefix: "red-hat", upstreamRegistryUrl: "quay.io", credentialArn: null },
    {
      ecrRepositoryPrefix: "base",
      upstreamRegistryUrl: "999988887777.dkr.ecr.us-east-1.amazonaws.com",
      credentialArn: null,
      customRoleArn: ROLE,
    },
    { ecrRepositoryPrefix: "ghcr", upstreamRegistryUrl: "ghcr.io" },
  ),
  policy,
  { credentials: [{ upstream: "docker-hub", arn: secretArn("given") }], roles: [] },
);

const resourcesSchema = z.object({
  resource: z.object({
    aws_ecr_pull_through_cache_rule: z.record(z.string(), z.record(z.string(), z.string())),
  }),
});

/** The plan that Terraform makes of a file without variables: each resource created, templates worked out. */
function terraformPlanOf(file: string): string {
  const { resource } = resourcesSchema.parse(JSON.parse(file));
  const type = "aws_ecr_pull_through_cache_rule";
  const changes = Object.entries(resource[type]).map(([name, { provider: _provider, ...values }]) => ({
    address: `${type}.${name}`,
    mode: "managed",
    type,
    name,
    change: {
      actions: ["create"],
      before: null,
      after: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, workedOut(value)])),
      after_unknown: {},
    },
  }));
  return JSON.stringify({ format_version: "1.2", terraform_version: "1.9.8", resource_changes: changes });
}

/** What Terraform makes of a string: a template that is not escaped would be worked out, which is refused here. */
function workedOut(text: string): string {
  expect(text.replaceAll("$${", "").replaceAll("%%{", "")).not.toMatch(/[$%]\{/);
  return text.replaceAll("$${", "${").replaceAll("%%{", "%{");
}

function failuresIn(file: FileOfRules): readonly string[] {
  const options = { now: NOW, includePassing: false, organizationalUnits: [] };
  const { findings } = evaluateFiles([file], loaded(policy), options);
  return findings
    .filter(({ status }) => status !== "PASS")
    .map(({ check, message }) => `${check} ${message}`);
}

const deployment = { location, given: new Map<string, string>() };

describe("the plan's rules as code", () => {
  it("are those of every change but deletions", () => {
    expect(changesIn(plan).map(({ action }) => action)).toEqual([
      "update",
      "delete",
      "replace",
      "replace",
      "create",
    ]);
  });

  it("pass auditor check as CloudFormation", () => {
    const text = renderPlanCloudFormation(plan.registries[0] ?? never());
    const file = rulesInFile(text ?? "", "template.json", deployment);
    expect(file.rules).toHaveLength(4);
    expect(failuresIn(file)).toEqual([]);
  });

  it("pass auditor check as Terraform", () => {
    const file = rulesInFile(terraformPlanOf(renderPlanTerraform(plan)), "plan.json", deployment);
    expect(file.rules).toHaveLength(4);
    expect(failuresIn(file)).toEqual([]);
  });

  it("are imported by Terraform where they exist, each into the resource that it is", () => {
    const file = JSON.parse(renderPlanTerraform(plan));
    const ids = file.import.map(({ to, id }: { to: string; id: string }) => `${id} → ${to.split(".")[1]}`);
    expect(ids).toEqual([
      "docker-hub → r_111122223333_eu_west_1_docker_hub",
      "base → r_111122223333_eu_west_1_base",
      "red-hat → r_111122223333_eu_west_1_quay",
    ]);
  });

  it("are the same in JSON, which apply reads back", () => {
    expect(readPlan(renderPlanJson(plan), "plan.json").plan).toEqual(plan);
    expect(remediationPlanSchema.safeParse(plan).success).toBe(true);
  });

  it("come out of AWS CLI commands, with the new rule before the old one where their prefixes differ", () => {
    const commands = renderPlanCli(plan)
      .split("\n")
      .filter((line) => /^ {2}aws /.test(line));
    const said = commands.map((line) =>
      line.replace(/ --region.*prefix=(\S+)( .*)?$/, " $1").replace("  aws ecr ", ""),
    );
    expect(said).toEqual([
      expect.stringMatching(/^update-pull-through-cache-rule/),
      "validate-pull-through-cache-rule docker-hub",
      "delete-pull-through-cache-rule ghcr",
      "delete-pull-through-cache-rule base",
      expect.stringMatching(/^create-pull-through-cache-rule .*/),
      "validate-pull-through-cache-rule base",
      expect.stringMatching(/^create-pull-through-cache-rule .*/),
      "validate-pull-through-cache-rule quay",
      "delete-pull-through-cache-rule red-hat",
      expect.stringMatching(/^create-pull-through-cache-rule .*/),
      "validate-pull-through-cache-rule kubernetes",
    ]);
  });
});

function never(): never {
  throw new Error("The plan has a registry.");
}

/** The words of all commands of a script, by a shell in which `aws` only says them. */
function spokenBy(script: string): readonly string[] {
  const stub = `aws() { test "$1" = sts && echo ${location.account} || printf '%s\\0' "$@"; }\n`;
  return execFileSync("/bin/sh", { input: stub + script, encoding: "utf8" })
    .split("\0")
    .slice(0, -1);
}

/** The plan with one text in every place that holds collected text. */
function hostileReport(text: string): RemediationPlan {
  const spoil = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value), (key, item: unknown) =>
      typeof item === "string" &&
      key !== "action" &&
      key !== "status" &&
      key !== "account" &&
      key !== "region" &&
      key !== "plannedAt"
        ? text
        : item,
    );
  return { ...spoil(plan), plannedAt: plan.plannedAt };
}

const injections = [
  ...hostileRows.filter(([what]) => !/megabyte|backslashes|half/.test(what)),
  ["a command", "$(touch /tmp/x) `touch /tmp/x`; touch /tmp/x # '\"; touch /tmp/x"],
  ["a Terraform template", ["$", "%"].map((sign) => `${sign}{file("/etc/passwd")}`).join(" ")],
] as const;

describe.each(injections)("%s in every name", (_what, text) => {
  const bad = hostileReport(text);

  it("stays one value of a command in the shell", () => {
    const said = spokenBy(renderPlanCli(bad));
    const prefixes = said.filter((word) => word.startsWith("--ecr-repository-prefix="));
    expect(prefixes).toHaveLength(11);
    // A shell takes no NUL at all.
    const wanted = text.toWellFormed().replaceAll("\0", "");
    for (const word of prefixes) expect(word).toBe(`--ecr-repository-prefix=${wanted}`);
    expect(
      said
        .filter((word) => !word.startsWith("--"))
        .every((word) => /^(ecr|[a-z]+-pull-through-cache-rule)$/.test(word)),
    ).toBe(true);
  });

  it("stays a value of Terraform and CloudFormation", () => {
    const wanted = text.toWellFormed();
    const terraform = resourcesSchema.parse(JSON.parse(renderPlanTerraform(bad)));
    const written = Object.values(terraform.resource.aws_ecr_pull_through_cache_rule);
    expect(written).not.toEqual([]);
    for (const { ecr_repository_prefix: prefix = "" } of written) expect(workedOut(prefix)).toBe(wanted);
    const template = JSON.parse(renderPlanCloudFormation(bad.registries[0] ?? never()) ?? "");
    const resources = Object.values<{ Properties: Record<string, string> }>(template.Resources);
    expect(resources).not.toEqual([]);
    for (const { Properties } of resources) {
      expect(Properties["EcrRepositoryPrefix"]).toBe(wanted);
    }
  });

  it("cannot control a terminal", () => {
    for (const shown of [renderPlanText(bad, { color: false, width: 80 }), renderPlanJson(bad)]) {
      expect(shown).not.toMatch(unprintable);
    }
  });
});
