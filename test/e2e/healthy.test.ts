import { readFile } from "node:fs/promises";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, it, vi } from "vitest";
import { connectionTo } from "../simulator/connection.ts";
import {
  allSeen,
  answersOf,
  BUS,
  BYSTANDER,
  HUB,
  MEMBER,
  NOTIFIERS,
  smallWorld,
  TOPIC,
} from "./support/organization.ts";
import { setStage } from "./support/stage.ts";

it("reads and passes everything if nothing is wrong, and publishes only events", async () => {
  await using stage = await setStage(smallWorld(), { environment: NOTIFIERS });
  const report = await stage.deliverReport();
  expect(report).toMatchObject({
    schemaVersion: 1,
    trigger: "schedule",
    status: "compliant",
    coverage: { ...allSeen(3), gaps: [], excludedAccounts: [] },
    summary: { rules: 4, findings: { FAIL: 0, UNKNOWN: 0, WAIVED: 0 }, transitions: { opened: 0 } },
  });
  expect(answersOf(report, HUB)).toEqual({ k8s: "PASS" });
  expect(answersOf(report, MEMBER)).toEqual({ "docker-hub": "PASS", quay: "PASS" });
  expect(answersOf(report, BYSTANDER)).toEqual({ "ecr-public": "PASS" });
  expect(stage.simulator.published).toEqual([]);
  expect(stage.simulator.events).toMatchObject([
    {
      busArn: `arn:aws:events:us-east-1:${HUB}:event-bus/${BUS}`,
      source: "pull-through-auditor",
      detailType: "Pull Through Cache Audit Completed",
      detail: { auditId: report.auditId, status: "compliant" },
    },
  ]);
});

it("leaves what passes out of the findings unless asked, and counts it all the same", async () => {
  await using stage = await setStage(smallWorld());
  const [whole, brief] = [await stage.audit(), await stage.audit({}, { includePassing: false })];
  expect(brief.findings).toEqual([]);
  expect(whole.findings).toHaveLength(brief.summary.findings.PASS + brief.summary.findings.NOT_APPLICABLE);
  expect(brief.summary.findings).toEqual(whole.summary.findings);
});

it("delivers a failing rule to recipients and integrations", async () => {
  const world = smallWorld();
  const secrets = world.accounts[MEMBER]?.regions["us-east-1"]?.secrets ?? [];
  for (const secret of secrets) secret.login = "rejected";
  await using stage = await setStage(world, { environment: NOTIFIERS });
  const report = await stage.deliverReport();
  expect(report.status).toBe("non-compliant");
  expect(stage.simulator.published).toMatchObject([
    { topicArn: TOPIC, subject: expect.stringContaining("1 high") },
  ]);
  expect(stage.simulator.published[0]?.messages["email"]).toContain("unauthorized");
  expect(stage.simulator.events).toMatchObject([
    {
      detailType: "Pull Through Cache Finding",
      resources: [`arn:aws:ecr:us-east-1:${MEMBER}:repository/docker-hub/*`],
      detail: {
        transition: "opened",
        finding: { check: "rule-validation", status: "FAIL", account: MEMBER, prefix: "docker-hub" },
      },
    },
    { detailType: "Pull Through Cache Audit Completed", detail: { status: "non-compliant" } },
  ]);
});

it("reads the policy from S3 as it does from a file", async () => {
  await using stage = await setStage(smallWorld());
  const fromFile = await stage.audit();
  const { simulator, policyFile } = stage;
  const Bucket = "example-policies";
  simulator.world.accounts[HUB]?.regions["us-east-1"]?.buckets.push(Bucket);
  const s3 = new S3Client({ ...connectionTo(simulator), forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket, Key: "audit/policy.json", Body: await readFile(policyFile) }));
  vi.stubEnv("AUDIT_POLICY", `s3://${Bucket}/audit/policy.json`);
  expect((await stage.audit()).policy).toEqual(fromFile.policy);
  expect(stage.callsOf("GetObject")).toHaveLength(1);
});
