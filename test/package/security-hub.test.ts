import { expect, it } from "vitest";
import { HUB, MEMBER, REGION, settings } from "../functions/fleet.ts";
import { startSimulator } from "../simulator/server.ts";
import { account, registry, rule, world } from "../simulator/world-builder.ts";
import { deploy } from "./deployed.ts";
import { packaged } from "./packages.ts";

const broken = rule("docker-hub", "docker-hub", { validation: { isValid: false, failure: "unauthorized" } });

/** What is deployed holds a part of Security Hub's schemas: here that part is seen to be enough. */
it("tells Security Hub all that it should know of a finding, from the zip", async () => {
  const { zips } = await packaged();
  await using deployed = await deploy(zips.audit, "functions/audit.handler");
  await using simulator = await startSimulator(
    world({
      hub: { region: REGION, principal: "role" },
      accounts: [
        account(HUB, { regions: { [REGION]: registry([], { securityHub: true }) } }),
        account(MEMBER, { regions: { [REGION]: registry([broken]) } }),
      ],
    }),
  );
  const { AUDIT_TOPIC_ARN: _topic, AUDIT_EVENT_BUS: _bus, ...others } = settings;
  const outcome = await deployed.invoke({}, { ...simulator.env, ...others, AUDIT_SECURITY_HUB: "true" });
  expect(outcome).toMatchObject({ end: "answered" });
  const place = { account: MEMBER, region: REGION, prefix: "docker-hub" };
  expect(simulator.securityHubFindings).toMatchObject([
    {
      Id: expect.stringMatching(/^pull-through-auditor\/[0-9a-f]{32}$/),
      GeneratorId: "pull-through-auditor/rule-validation",
      ProductName: "pull-through-auditor",
      AwsAccountId: HUB,
      FindingProviderFields: { Severity: { Label: "HIGH", Original: "high" }, Types: [expect.any(String)] },
      Description: expect.stringContaining("unauthorized"),
      Remediation: { Recommendation: { Text: expect.any(String) } },
      Resources: [{ Type: "Other", Partition: "aws", Region: REGION, Details: { Other: place } }],
      ProductFields: { ...place, check: "rule-validation", kind: "validation-failed" },
      Compliance: { Status: "FAILED" },
      RecordState: "ACTIVE",
    },
  ]);
});
