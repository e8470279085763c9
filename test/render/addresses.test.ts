import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { registryUrl } from "../../src/ecr/console.ts";
import { DOCUMENTS, notificationsSchema } from "../../src/policy/sections/notifications.ts";
import { reportAccess } from "../../src/render/addresses.ts";
import { remediationWithin } from "../../src/render/steps.ts";
import { aFinding } from "../support/report-builders.ts";

const at = (region: string) => ({ findings: [aFinding({ region })] });

describe("the access to a report", () => {
  it.each([
    ["eu-west-1", "console.aws.amazon.com"],
    ["cn-north-1", "console.amazonaws.cn"],
    ["us-gov-west-1", "console.amazonaws-us-gov.com"],
  ])("is a page of the console of its partition: %s", (region, host) => {
    expect(reportAccess(at(region), "s3://audits/a b/report.json")).toEqual({
      url: `https://${host}/s3/object/audits?prefix=a%20b/report.html`,
      command: "aws s3 cp 's3://audits/a b/report.html' .",
    });
  });

  it("has no page in a partition without a public console", () => {
    expect(reportAccess(at("us-iso-east-1"), "s3://audits/report.json").url).toBeNull();
  });

  it.each([null, "/var/audits/report.json"])("is none outside S3: %s", (location) => {
    expect(reportAccess(at("eu-west-1"), location)).toEqual({ url: null, command: null });
  });
});

describe("the address of a registry", () => {
  it("is in the console of its region", () => {
    expect(registryUrl("eu-west-1")).toBe(
      "https://eu-west-1.console.aws.amazon.com/ecr/private-registry/repositories?region=eu-west-1",
    );
  });

  it("is none for all regions together", () => {
    expect(registryUrl("*")).toBeNull();
  });
});

describe("the address of the documents", () => {
  it("is that of the repository in package.json", () => {
    const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
    const { repository } = z.object({ repository: z.object({ url: z.string() }) }).parse(JSON.parse(text));
    expect(repository.url).toBe(`git+${DOCUMENTS.replace("/blob/main", "")}.git`);
    expect(notificationsSchema.parse({}).documents).toBe(DOCUMENTS);
  });

  it.each(["docs", "javascript:alert(1)", "https://wiki.example.com/", 'https://a.example/"x'])(
    "is refused: %s",
    (documents) => {
      expect(notificationsSchema.safeParse({ documents }).success).toBe(false);
    },
  );
});

describe("a remediation that has to fit", () => {
  const steps = [
    { text: "Do:", commands: ["aws one"] },
    { text: "Then do:", commands: ["aws two"] },
  ];
  const finding = { steps, remediation: "Do: aws one; then do: aws two" };

  it.each([
    [100, "Do: aws one; then do: aws two"],
    [25, "Do: aws one Then do:"],
    [14, "Do: aws one"],
    [3, null],
  ])("has whole commands only, in %i bytes", (bytes, text) => {
    expect(remediationWithin(finding, bytes)).toBe(text);
  });
});
