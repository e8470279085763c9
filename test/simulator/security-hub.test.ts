import {
  type AwsSecurityFinding,
  BatchImportFindingsCommand,
  GetFindingsCommand,
  paginateGetFindings,
  SecurityHubClient,
} from "@aws-sdk/client-securityhub";
import { describe, expect, it } from "vitest";
import { connectionTo } from "./connection.ts";
import { type Simulator, startSimulator } from "./server.ts";
import { account, registry, world } from "./world-builder.ts";

const HUB = "111122223333";

function worldWithSecurityHub() {
  return world({
    accounts: [
      account(HUB, {
        regions: { "eu-west-1": registry([], { securityHub: true }), "us-east-1": registry() },
      }),
    ],
    hub: { region: "eu-west-1" },
  });
}

function finding(parts: Partial<AwsSecurityFinding> = {}): AwsSecurityFinding {
  return {
    SchemaVersion: "2018-10-08",
    Id: "finding-1",
    ProductArn: `arn:aws:securityhub:eu-west-1:${HUB}:product/${HUB}/default`,
    GeneratorId: "pull-through-auditor/rule-validation",
    AwsAccountId: HUB,
    CreatedAt: "2026-11-20T06:00:00.000Z",
    UpdatedAt: "2026-11-20T06:00:00.000Z",
    Severity: { Label: "HIGH" },
    Title: "A rule does not validate",
    Description: "unauthorized",
    Resources: [{ Type: "Other", Id: "arn:aws:ecr:eu-west-1:444455556666:repository/docker-hub/*" }],
    ...parts,
  };
}

function importInto(simulator: Simulator, Findings: AwsSecurityFinding[], region = "eu-west-1") {
  const client = new SecurityHubClient(connectionTo(simulator, { region }));
  return client.send(new BatchImportFindingsCommand({ Findings }));
}

function fieldNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_nothing, index) => `field-${index}`);
}

describe("BatchImportFindings", () => {
  it("keeps findings, and replaces them by later ones", async () => {
    await using simulator = await startSimulator(worldWithSecurityHub());
    await importInto(simulator, [finding()]);
    const later = { UpdatedAt: "2026-11-21T06:00:00.000Z", Title: "Still does not validate" };
    expect(await importInto(simulator, [finding(later)])).toMatchObject({ SuccessCount: 1, FailedCount: 0 });
    expect(simulator.securityHubFindings).toMatchObject([{ Id: "finding-1", ...later }]);
  });

  it.each<[string, Partial<AwsSecurityFinding>]>([
    ["of another account", { AwsAccountId: "444455556666" }],
    ["of another product", { ProductArn: `arn:aws:securityhub:eu-west-1:${HUB}:product/aws/guardduty` }],
    ["whose title is too long", { Title: "t".repeat(257) }],
    ["whose description is empty", { Description: "" }],
    ["without resources", { Resources: [] }],
    ["with a date that is none", { UpdatedAt: "yesterday" }],
    ["without severity", { Severity: {} }],
    ["whose severity is none", { Severity: { Normalized: 101 } }],
    ["whose remediation is too long", { Remediation: { Recommendation: { Text: "t".repeat(513) } } }],
    ["with a field that is empty", { ProductFields: { account: "" } }],
    ["with a field that is too long", { ProductFields: { account: "1".repeat(2049) } }],
    [
      "with too many fields",
      { ProductFields: Object.fromEntries(fieldNames(51).map((name) => [name, "1"])) },
    ],
    [
      "whose resource has a detail that is too long",
      { Resources: [{ Type: "Other", Id: "arn", Details: { Other: { account: "1".repeat(1024) } } }] },
    ],
    ["larger than 240 KB", { UserDefinedFields: { text: "x".repeat(245_760) } }],
  ])("fails a finding %s and takes the rest of the batch", async (_what, parts) => {
    await using simulator = await startSimulator(worldWithSecurityHub());
    const answer = await importInto(simulator, [finding(parts), finding({ Id: "finding-2" })]);
    expect(answer).toMatchObject({
      SuccessCount: 1,
      FailedCount: 1,
      FailedFindings: [{ Id: "finding-1", ErrorCode: "InvalidInput" }],
    });
    expect(simulator.securityHubFindings.map(({ Id }) => Id)).toEqual(["finding-2"]);
  });

  it("takes the severity and the types of a provider", async () => {
    await using simulator = await startSimulator(worldWithSecurityHub());
    const { Severity, ...rest } = finding();
    const answer = await importInto(simulator, [
      { ...rest, FindingProviderFields: { Severity, Types: ["Effects"] } },
    ]);
    expect(answer).toMatchObject({ SuccessCount: 1, FailedCount: 0 });
  });

  it("reads a provider's workflow once, and then leaves it to the hub's users", async () => {
    await using simulator = await startSimulator(worldWithSecurityHub());
    await importInto(simulator, [
      finding({ Workflow: { Status: "SUPPRESSED" } }),
      finding({ Id: "finding-2" }),
    ]);
    const later = { UpdatedAt: "2026-11-21T06:00:00.000Z", Workflow: { Status: "NEW" as const } };
    await importInto(simulator, [finding(later), finding({ ...later, Id: "finding-2" })]);
    expect(simulator.securityHubFindings.map(({ Workflow }) => Workflow)).toEqual([
      { Status: "SUPPRESSED" },
      undefined,
    ]);
  });

  it("fails an update that is not later", async () => {
    await using simulator = await startSimulator(worldWithSecurityHub());
    await importInto(simulator, [finding()]);
    expect(await importInto(simulator, [finding({ Title: "again" })])).toMatchObject({ FailedCount: 1 });
    expect(simulator.securityHubFindings).toMatchObject([{ Title: "A rule does not validate" }]);
  });

  it("refuses a batch over 6 MB", async () => {
    await using simulator = await startSimulator(worldWithSecurityHub());
    const large = Array.from({ length: 40 }, (_nothing, index) =>
      finding({ Id: `finding-${index}`, UserDefinedFields: { text: "x".repeat(160_000) } }),
    );
    await expect(importInto(simulator, large)).rejects.toMatchObject({ name: "InvalidInputException" });
    expect(await importInto(simulator, large.slice(1))).toMatchObject({ SuccessCount: 39 });
  });

  it("refuses more than a hundred findings, none, and a region where Security Hub is off", async () => {
    await using simulator = await startSimulator(worldWithSecurityHub());
    const many = Array.from({ length: 101 }, (_nothing, index) => finding({ Id: `finding-${index}` }));
    await expect(importInto(simulator, many)).rejects.toMatchObject({ name: "InvalidInputException" });
    await expect(importInto(simulator, [])).rejects.toMatchObject({ name: "InvalidInputException" });
    await expect(importInto(simulator, [finding()], "us-east-1")).rejects.toMatchObject({
      name: "InvalidAccessException",
    });
    expect(await importInto(simulator, many.slice(1))).toMatchObject({ SuccessCount: 100 });
  });
});

describe("GetFindings", () => {
  it("answers what was imported, page after page", async () => {
    await using simulator = await startSimulator(worldWithSecurityHub());
    await importInto(
      simulator,
      ["a", "b", "c"].map((Id) => finding({ Id })),
    );
    const client = new SecurityHubClient(connectionTo(simulator));
    const pages: (string | undefined)[][] = [];
    for await (const { Findings = [] } of paginateGetFindings({ client, pageSize: 2 }, {})) {
      pages.push(Findings.map(({ Id }) => Id));
    }
    expect(pages).toEqual([["a", "b"], ["c"]]);
    await expect(client.send(new GetFindingsCommand({ NextToken: "bm90IG91cnM" }))).rejects.toMatchObject({
      name: "InvalidInputException",
    });
  });
});
