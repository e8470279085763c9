import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { packageFile } from "../../src/package-file.ts";
import { markersOf, wordsOf } from "../../tools/release/settings.ts";
import { releaseTemplate } from "../../tools/release/template.ts";
import { documentsFolder, terraformDocuments } from "../../tools/terraform-documents.ts";
import { snippetsOf } from "../docs/snippets.ts";
import { templateWith, variable } from "../package/template-parts.ts";
import { readMemberTemplate } from "./cloudformation-yaml.ts";
import { effective } from "./effective.ts";
import { resolved } from "./resolved.ts";

const read = (path: string) => readFileSync(packageFile(path), "utf8");
const main = read("deploy/terraform/main.tf");
const variables = blocksOf(read("deploy/terraform/variables.tf"), /^variable "(\w+)" \{/gm);
const resources = blocksOf(main, /^resource "(\w+" "\w+)" \{/gm);

/** The blocks of a file as `terraform fmt` writes it, by their labels: each ends with a brace in the first column. */
function blocksOf(text: string, heading: RegExp): ReadonlyMap<string, string> {
  return new Map(
    Array.from(text.matchAll(heading), ({ 1: label = "", index }) => [
      label.replace('" "', "."),
      text.slice(index, text.indexOf("\n}", index)),
    ]),
  );
}

/** The arguments of a block, by name: each as it is written. */
function argumentsOf(block: string | undefined): Readonly<Record<string, string>> {
  const found = (block ?? "").matchAll(/^ {2}(\w+) += (.*)$/gm);
  return Object.fromEntries(Array.from(found, ([, name = "", value = ""]) => [name, value]));
}

const roles = ["arn:aws:iam::999988887777:role/hub", "arn:aws:iam::999988887777:role/hub-plan"];
const values: Readonly<Record<string, string>> = {
  partition: "aws",
  account: "111122223333",
  hub_account: "999988887777",
  organization_id: "o-abcdefghij",
  external_id: "example-corp",
  event_bus_arn: "arn:aws:events:us-east-1:999988887777:event-bus/pull-through-auditor-prod",
};
const parameters = {
  HubRoleArns: roles.join(","),
  OrganizationId: values["organization_id"] ?? "",
  ExternalId: values["external_id"] ?? "",
  EventBusArn: values["event_bus_arn"] ?? "",
  ReadCachedRepositories: "true",
};

/** What Terraform's `templatefile` makes of a document. */
function rendered(name: string): unknown {
  const text = read(`${documentsFolder}/${name}.json.tftpl`)
    .replaceAll(variable("jsonencode(hub_role_arns)"), JSON.stringify(roles))
    .replaceAll(/\$\{(\w+)\}/g, (_, key: string) => {
      const value = values[key];
      if (value === undefined) throw new Error(`${name} has the unknown variable ${key}`);
      return value;
    });
  return JSON.parse(text);
}

describe("the module for Terraform", () => {
  it("has the documents as npm run generate writes them", () => {
    const documents = terraformDocuments();
    expect(readdirSync(packageFile(documentsFolder)).sort()).toEqual([...documents.keys()].sort());
    for (const [name, text] of documents) expect(read(`${documentsFolder}/${name}`), name).toBe(text);
  });

  it("grants and trusts what the StackSets do", () => {
    const template = resolved(readMemberTemplate("member-role.yml"), parameters).resources;
    const roleSchema = z.object({
      Properties: z.object({
        AssumeRolePolicyDocument: z.unknown(),
        Policies: z.array(z.object({ PolicyName: z.string(), PolicyDocument: z.unknown() })).min(1),
      }),
    });
    for (const [name, resource] of Object.entries({ audit: "AuditRole", forward: "ForwarderRole" })) {
      const { Properties } = roleSchema.parse(template[resource]);
      expect(rendered(`${name}-trust`)).toEqual(Properties.AssumeRolePolicyDocument);
      for (const { PolicyName, PolicyDocument } of Properties.Policies)
        expect(rendered(PolicyName), name).toEqual(PolicyDocument);
    }
  });

  it("forwards the events that the StackSets forward", () => {
    const { resources: rules } = effective(readMemberTemplate("member-events.yml"), parameters);
    const changes = effective(readMemberTemplate("member-events.yml"), {
      ...parameters,
      ForwardFailedPulls: "false",
    });
    expect(JSON.parse(read(`${documentsFolder}/rules.json`))).toEqual(
      Array.from(rules, ([name, { properties }]) => ({
        name: properties["Name"],
        description: properties["Description"],
        failed_pulls: !changes.resources.has(name),
        pattern: properties["EventPattern"],
      })),
    );
  });

  it("plans two roles with their policies, and a rule with its target for each region and event", () => {
    expect([...resources.keys()]).toEqual([
      "aws_iam_role.audit",
      "aws_iam_role_policy.audit",
      "aws_iam_role_policy.look_up_changes",
      "aws_iam_role.forward",
      "aws_iam_role_policy.forward",
      "aws_cloudwatch_event_rule.forward",
      "aws_cloudwatch_event_target.forward",
    ]);
    for (const name of ["audit", "forward"]) {
      expect(argumentsOf(resources.get(`aws_iam_role.${name}`)), name).toMatchObject({
        path: "var.role_path",
        permissions_boundary: "local.permissions_boundary",
        tags: "var.tags",
        assume_role_policy: expect.stringContaining(`documents/${name}-trust.json.tftpl`),
      });
    }
    expect(argumentsOf(resources.get("aws_iam_role_policy.forward"))).toMatchObject({
      policy: expect.stringContaining("documents/forward.json.tftpl"),
    });
    expect(main).toContain("documents/audit.json.tftpl");
    expect(resources.get("aws_iam_role_policy.audit")).toContain(
      'if var.read_cached_repositories || !endswith(statement.Sid, "CachedRepositories")',
    );
    expect(argumentsOf(resources.get("aws_cloudwatch_event_rule.forward"))).toMatchObject({
      for_each: "local.rules",
      region: "each.value.region",
      event_pattern: "jsonencode(each.value.pattern)",
      tags: "var.tags",
    });
    expect(argumentsOf(resources.get("aws_cloudwatch_event_target.forward"))).toMatchObject({
      for_each: "local.rules",
      region: "each.value.region",
      arn: "var.event_bus_arn",
    });
  });

  it("gives the documents every value that they take", () => {
    const [, block = ""] = /^ {2}values = \{\n(.*?)^ {2}\}/ms.exec(main) ?? [];
    const given = Array.from(block.matchAll(/^ {4}(\w+) +=/gm), ([, name]) => name);
    expect(given.sort()).toEqual([...Object.keys(values), "hub_role_arns"].sort());
  });

  it("has a variable for each parameter of the StackSets, with its default, and uses every variable", () => {
    const templates = ["member-events.yml", "member-role.yml"].map((name) =>
      z
        .object({ Parameters: z.record(z.string(), z.object({ Default: z.string().optional() })) })
        .parse(readMemberTemplate(name)),
    );
    const expected = Object.assign({}, ...templates.map(({ Parameters }) => Parameters));
    for (const [name, { Default }] of Object.entries<{ Default?: string }>(expected)) {
      const snake = name.replaceAll(/(?<=.)([A-Z])/g, "_$1").toLowerCase();
      const fallback = argumentsOf(variables.get(snake))["default"]?.replaceAll('"', "");
      expect([snake, variables.has(snake), fallback]).toEqual([snake, true, Default]);
    }
    for (const name of variables.keys()) expect(main).toContain(`var.${name}`);
  });
});

describe("the snippets that deploy from a release", () => {
  let known: readonly string[];

  beforeAll(async () => {
    const markers = markersOf(packageFile(""));
    const packaged = await templateWith(wordsOf(markers));
    const release = releaseTemplate(packaged, { version: "1.2.3", markers, codeFile: (zip) => zip });
    known = Object.keys(release.Parameters);
  });

  /** The names that are given in a snippet: the keys that look like parameters. */
  const namesIn = (text: string) =>
    Array.from(text.matchAll(/^\s+([A-Z]\w+)\s*[:=]/gm), ([, name = ""]) => name);

  it.each([
    ["hcl", "aws_cloudformation_stack"],
    ["ts", "CfnInclude"],
  ])("give the template's parameters alone, and those that it needs: %s", (language, what) => {
    const [snippet = ""] = snippetsOf("docs/deploy.md", language).filter((text) => text.includes(what));
    const names = namesIn(snippet);
    expect(names).toEqual(
      expect.arrayContaining(["CodeBucket", "CodePrefix", "OrganizationId", "ExternalId"]),
    );
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });

  it("give the module's variables alone, and those that it needs", () => {
    const [snippet = ""] = snippetsOf("docs/deploy.md", "hcl").filter((text) => text.includes("module "));
    const { source: _source, providers: _providers, ...given } = argumentsOf(snippet);
    expect(Object.keys(given).filter((name) => !variables.has(name))).toEqual([]);
    const needed = [...variables].filter(([, block]) => !("default" in argumentsOf(block)));
    expect(Object.keys(given)).toEqual(expect.arrayContaining(needed.map(([name]) => name)));
  });

  it("of the AWS CLI give parameters of the template alone", () => {
    const commands = snippetsOf("docs/deploy.md", "sh").filter((text) =>
      text.includes("--parameter-overrides"),
    );
    expect(commands.length).toBeGreaterThanOrEqual(2);
    for (const text of commands) {
      const overrides = text.split("--parameter-overrides").slice(1).join(" ");
      const names = Array.from(overrides.matchAll(/(?<=\s)([A-Z]\w+)=/g), ([, name = ""]) => name);
      expect(names).toContain("CodePrefix");
      expect(names.filter((name) => !known.includes(name))).toEqual([]);
    }
  });
});
