import {
  type AwsSecurityFinding,
  BatchImportFindingsCommand,
  type ImportFindingsError,
  SecurityHubClient,
} from "@aws-sdk/client-securityhub";
import "aws-sdk-client-mock-vitest/extend";
import { beforeEach, describe, expect, test } from "vitest";
import type { Clock } from "../../../src/audit/ports.ts";
import { clientDefaults } from "../../../src/aws/http.ts";
import { renderAsff } from "../../../src/formats/asff/asff.ts";
import { securityHubNotifier } from "../../../src/notifiers/security-hub/security-hub.ts";
import { serviceError } from "../../aws/trouble.ts";
import { mockedClient } from "../../support/mocked-client.ts";
import { aFinding, aReport } from "../../support/report-builders.ts";
import { unhurried } from "../../support/unhurried.ts";

const hub = { account: "999900001111", region: "ap-south-1" };
const securityHub = mockedClient(SecurityHubClient);
const pauses: number[] = [];
const clock: Clock = {
  now: () => new Date("2026-11-20T02:00:00Z"),
  sleep: async (milliseconds) => void pauses.push(milliseconds),
};
const notifier = securityHubNotifier(hub, clientDefaults(1, 1_000), clock);

beforeEach(() => {
  securityHub.reset();
  pauses.length = 0;
});

function reportOf(count: number) {
  return aReport({ findings: Array.from({ length: count }, (_, n) => aFinding({ id: `f-${n + 1}` })) });
}

function deliver(count: number): Promise<void> {
  return notifier.deliver(reportOf(count), null, unhurried);
}

/** The requests that Security Hub has got, each as the ids of its findings. */
function requests(): readonly (readonly string[])[] {
  return securityHub
    .commandCalls(BatchImportFindingsCommand)
    .map(({ args }) => (args[0].input.Findings ?? []).map(idOf));
}

function idOf({ Id = "" }: Pick<AwsSecurityFinding, "Id">): string {
  return Id.replace("pull-through-auditor/", "");
}

/** A hub that refuses each finding with the codes that `codes` hold for it, one at a time, and then takes it. */
function answerWith(codes: Readonly<Record<string, readonly string[]>>): void {
  const times = new Map<string, number>();
  securityHub
    .on(BatchImportFindingsCommand)
    .callsFake(async ({ Findings }: { Findings: AwsSecurityFinding[] }) => {
      const FailedFindings = Findings.flatMap((finding): ImportFindingsError[] => {
        const time = times.get(idOf(finding)) ?? 0;
        times.set(idOf(finding), time + 1);
        const ErrorCode = codes[idOf(finding)]?.[time];
        return ErrorCode === undefined ? [] : [{ Id: finding.Id, ErrorCode, ErrorMessage: "as AWS said it" }];
      });
      const FailedCount = FailedFindings.length;
      return { FailedCount, SuccessCount: Findings.length - FailedCount, FailedFindings };
    });
}

describe("securityHubNotifier", () => {
  test("is named after the account and region of its Security Hub", () => {
    expect(notifier.name).toBe("Security Hub of 999900001111 in ap-south-1");
  });

  test("imports the findings as they were rendered, in the hub's region", async () => {
    answerWith({});
    const report = reportOf(2);
    await notifier.deliver(report, "s3://reports/1", unhurried);
    expect(securityHub).toHaveReceivedCommandExactlyOnceWith(BatchImportFindingsCommand, {
      Findings: renderAsff(report, { hubAccount: "999900001111", hubRegion: "ap-south-1" }),
    });
    const client: unknown = securityHub.send.firstCall.thisValue;
    expect(client instanceof SecurityHubClient && (await client.config.region())).toBe("ap-south-1");
  });

  test("sends no request without findings", async () => {
    await notifier.deliver(
      aReport({ findings: [aFinding({ status: "PASS", transition: null })] }),
      null,
      unhurried,
    );
    expect(securityHub).not.toHaveReceivedAnyCommand();
  });

  test("imports many findings a hundred at a time, in order, with a pause between requests", async () => {
    answerWith({});
    await deliver(201);
    expect(requests().map(({ length }) => length)).toEqual([100, 100, 1]);
    expect(requests().flat()).toEqual(Array.from({ length: 201 }, (_, n) => `f-${n + 1}`));
    expect(pauses).toEqual([100, 100]);
  });

  test("throws if Security Hub cannot be reached", async () => {
    const off = serviceError("InvalidAccessException", 401);
    securityHub.on(BatchImportFindingsCommand).rejects(off);
    await expect(deliver(1)).rejects.toBe(off);
  });
});

describe("findings that are not accepted", () => {
  test.each(["ThrottlingException", "LimitExceeded", "InternalError", "SomethingNew"])(
    "are retried alone after %s",
    async (code) => {
      answerWith({ "f-2": [code], "f-3": [code, code] });
      await deliver(4);
      expect(requests()).toEqual([["f-1", "f-2", "f-3", "f-4"], ["f-2", "f-3"], ["f-3"]]);
      expect(pauses).toEqual([200, 1_000]);
    },
  );

  test.each(["InvalidInput", "InvalidAccess"])("are an error at once after %s", async (code) => {
    answerWith({ "f-2": [code] });
    await expect(deliver(3)).rejects.toThrow(
      `1 of 3 findings were not accepted (pull-through-auditor/f-2: ${code}: as AWS said it)`,
    );
    expect(requests()).toHaveLength(1);
    expect(pauses).toEqual([]);
  });

  test("do not stop the others, neither retried ones nor the next hundred", async () => {
    answerWith({ "f-1": ["InvalidInput"], "f-2": ["Throttling"], "f-101": ["InvalidInput"] });
    await expect(deliver(102)).rejects.toThrow("2 of 102 findings were not accepted");
    expect(requests().map(({ length }) => length)).toEqual([100, 1, 2]);
    expect(requests()[1]).toEqual(["f-2"]);
    expect(pauses).toEqual([200, 100]);
  });

  test("are named in an error after repeated failures", async () => {
    answerWith({ "f-1": Array(9).fill("Throttling"), "f-3": ["Throttling", "InvalidInput"] });
    await expect(deliver(3)).rejects.toThrow(
      "2 of 3 findings were not accepted (pull-through-auditor/f-3: InvalidInput: as AWS said it; pull-through-auditor/f-1: Throttling: as AWS said it)",
    );
    expect(requests()).toEqual([["f-1", "f-2", "f-3"], ["f-1", "f-3"], ["f-1"], ["f-1"]]);
    expect(pauses).toEqual([200, 1_000, 5_000]);
  });

  test("are named up to ten, and then counted", async () => {
    answerWith(Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`f-${n + 1}`, ["InvalidInput"]])));
    const message = await deliver(12).catch(String);
    expect(message).toMatch(/^Error: 12 of 12 .*f-10: InvalidInput: as AWS said it; and 2 more\)$/);
    expect(message).not.toContain("f-11");
  });

  test("are an error if the response counts failures without naming them", async () => {
    securityHub
      .on(BatchImportFindingsCommand)
      .resolves({ FailedCount: 2, SuccessCount: 0, FailedFindings: [] });
    await expect(deliver(2)).rejects.toThrow("NoResult: the response counts 2 failures but names 0");
    expect(requests()).toHaveLength(1);
  });
});
