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

  it("fails an update that is not later", async () => {
    await using simulator = await startSimulator(worldWithSecurityHub());
    await importInto(simulator, [finding()]);
    expect(await importInto(simulator, [finding({ Title: "again" })])).toMatchObject({ FailedCount: 1 });
    expect(simulator.securityHubFindings).toMatchObject([{ Title: "A rule does not validate" }]);
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
