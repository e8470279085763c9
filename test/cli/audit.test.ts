import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatNames } from "../../src/cli/formats.ts";
import { REPORT_SCHEMA_VERSION } from "../../src/schemas/report.ts";
import { BYSTANDER, HUB, MEMBER, NOTIFIERS, smallWorld } from "../e2e/support/organization.ts";
import { schemaProblems } from "../e2e/support/report-schema.ts";
import { runAuditor } from "./support/run-auditor.ts";
import { setUpWorkspace } from "./support/workspace.ts";
import { worlds } from "./support/worlds.ts";

describe("audit ends", () => {
  it.each<[number, keyof typeof worlds, readonly string[], string]>([
    [0, "compliant", [], "Compliant"],
    [1, "failing", [], "Non-compliant: 1 high failing"],
    [1, "failing", ["--fail-on", "high"], "Non-compliant"],
    [0, "failing", ["--fail-on", "critical"], "Non-compliant"],
    [0, "failing", ["--fail-on", "never"], "Non-compliant"],
    [2, "incomplete", [], "1 of 3 registries not fully covered"],
    [2, "incomplete", ["--fail-on", "never"], "not fully covered"],
    [1, "failing and incomplete", [], "not fully covered"],
    [2, "failing and incomplete", ["--fail-on", "critical"], "not fully covered"],
  ])("with %i on what is %s, asked %j", async (code, name, words, verdict) => {
    await using workspace = await setUpWorkspace(worlds[name]());
    const ended = await workspace.audit(words);
    expect(ended).toMatchObject({ code, errors: "" });
    expect(ended.output).toMatch(/^PULL THROUGH CACHE AUDIT\n/);
    expect(ended.output.trimEnd().split("\n").at(-1)).toContain(verdict);
  });
});

describe("audit is requested", () => {
  it("to print JSON, and prints nothing else", async () => {
    await using workspace = await setUpWorkspace(worlds["failing and incomplete"]());
    const { code, output, errors } = await workspace.audit(["--format", "json"]);
    const report = JSON.parse(output);
    expect({ code, errors }).toEqual({ code: 1, errors: "" });
    expect(schemaProblems(report)).toEqual([]);
    expect(report).toMatchObject({
      schemaVersion: REPORT_SCHEMA_VERSION,
      trigger: "cli",
      status: "non-compliant",
      coverage: { planned: 3, audited: 2, partial: 1 },
    });
    expect(report.findings.map(({ status }: { status: string }) => status)).toEqual(["FAIL", "UNKNOWN"]);
  });

  it("to write JSON to a file and text to standard output", async () => {
    await using workspace = await setUpWorkspace(worlds.failing());
    const ended = await workspace.audit(["--format", "text", "--format", "json=out=1.json"]);
    const report = JSON.parse(await readFile(join(workspace.folder, "out=1.json"), "utf8"));
    expect(schemaProblems(report)).toEqual([]);
    expect(ended.output).toContain(report.auditId);
    expect(ended).toMatchObject({ code: 1, errors: "" });
  });

  it("to write to files alone, and prints nothing", async () => {
    await using workspace = await setUpWorkspace(worlds.compliant());
    const ended = await workspace.audit(["--format", "json=report.json", "--format", "text=report.txt"]);
    expect(ended).toEqual({ code: 0, output: "", errors: "" });
    expect(await readFile(join(workspace.folder, "report.txt"), "utf8")).toContain(
      "PULL THROUGH CACHE AUDIT",
    );
    expect(JSON.parse(await readFile(join(workspace.folder, "report.json"), "utf8")).status).toBe(
      "compliant",
    );
  });

  it("to write every format from one audit", async () => {
    await using workspace = await setUpWorkspace(worlds["failing and incomplete"]());
    const names = formatNames.filter((name) => name !== "text");
    const words = names.flatMap((name) => ["--format", `${name}=report.${name}`]);
    const ended = await workspace.audit([...words, "--format", "text"]);
    expect(ended).toMatchObject({ code: 1, errors: "" });
    const written = await Promise.all(
      names.map((name) => readFile(join(workspace.folder, `report.${name}`), "utf8")),
    );
    for (const text of written) expect(text).toContain("unauthorized: authentication required");
    const asked = workspace.simulator.calls.filter(
      ({ operation }) => operation === "DescribePullThroughCacheRules",
    );
    expect(asked).toHaveLength(3);
  });

  it("to include what passes", async () => {
    await using workspace = await setUpWorkspace(worlds.compliant());
    const brief = JSON.parse((await workspace.audit(["--format", "json"])).output);
    const whole = JSON.parse((await workspace.audit(["--format", "json", "--include-passing"])).output);
    expect(brief.findings).toEqual([]);
    expect(whole.findings).toHaveLength(brief.summary.findings.PASS + brief.summary.findings.NOT_APPLICABLE);
    expect(whole.findings.length).toBeGreaterThan(0);
  });

  it("to narrow the scope to accounts, regions and prefixes", async () => {
    await using workspace = await setUpWorkspace(smallWorld({ regions: ["us-east-1", "eu-west-1"] }), {
      scope: { accounts: "organization", regions: ["us-east-1", "eu-west-1"] },
    });
    const words = ["--accounts", `${HUB}, ${MEMBER}`, "--regions", "us-east-1", "--prefixes", "quay,k8s"];
    const ended = await workspace.audit([...words, "--format", "json", "--include-passing"]);
    const report = JSON.parse(ended.output);
    const rules = report.findings.map(
      (f: Record<string, string>) => `${f["account"]} ${f["region"]} ${f["prefix"]}`,
    );
    expect([...new Set(rules)]).toEqual([`${HUB} us-east-1 k8s`, `${MEMBER} us-east-1 quay`]);
    expect(report.coverage.planned).toBe(2);
    expect(workspace.simulator.calls.filter(({ account }) => account === BYSTANDER)).toEqual([]);
  });

  it("the role's name, its external id and how much to do at once", async () => {
    const role = { name: "AuditOfEcr", externalId: "example-audit" };
    await using workspace = await setUpWorkspace(smallWorld({ member: { role } }), {
      scope: { accounts: [MEMBER] },
    });
    const words = ["--role-name", "AuditOfEcr", "--external-id", "example-audit", "--concurrency", "1"];
    const ended = await workspace.audit(words, {
      AUDIT_ROLE_NAME: "overruled",
      AUDIT_CONCURRENCY: "overruled",
    });
    expect(ended).toMatchObject({ code: 0, errors: "" });
  });

  it("nothing of a policy, and audits the current account by the one that comes along", async () => {
    await using workspace = await setUpWorkspace(worlds.compliant());
    const { code, output } = await runAuditor(["audit", "--format", "json"], workspace.simulator.env);
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ policy: { name: "default" }, coverage: { planned: 1 } });
  });
});

it.each([[[]], [["--store", "audits"]], [["--dry-run"]]])(
  "audit %j follows no route of the policy without --publish",
  async (words) => {
    await using workspace = await setUpWorkspace(worlds.failing(), {
      notifications: {
        routes: [{ where: {}, topicArn: topicOf("routed") }],
        escalate: { afterDays: 1, topicArn: topicOf("escalated") },
      },
    });
    const ended = await workspace.audit(words, NOTIFIERS);
    expect(ended).toMatchObject({ code: 1, output: expect.stringContaining("Non-compliant") });
    expect(workspace.simulator.published).toEqual([]);
    expect(workspace.simulator.events).toEqual([]);
  },
);

function topicOf(name: string): string {
  return `arn:aws:sns:us-east-1:${HUB}:${name}`;
}

describe("audit --publish", () => {
  it("delivers to recipients and integrations", async () => {
    await using workspace = await setUpWorkspace(worlds.failing());
    const { code, errors } = await workspace.audit(["--publish"], NOTIFIERS);
    expect(code).toBe(1);
    expect(errors).toMatch(
      /^Told event bus \S+: 2 events\nTold SNS topic arn:\S+: pull-through-auditor: 1 high failing/,
    );
    expect(workspace.simulator.published).toHaveLength(1);
    expect(workspace.simulator.events).toHaveLength(2);
  });

  it.each([
    ["without --publish", []],
    ["with --dry-run", ["--publish", "--dry-run"]],
  ])("delivers nothing %s", async (_when, words) => {
    await using workspace = await setUpWorkspace(worlds.failing());
    expect(await workspace.audit(words, NOTIFIERS)).toMatchObject({ code: 1 });
    expect(workspace.simulator.published).toEqual([]);
    expect(workspace.simulator.events).toEqual([]);
  });

  it("shows the message that a dry run does not send", async () => {
    await using workspace = await setUpWorkspace(worlds.failing());
    const { errors } = await workspace.audit(["--publish", "--dry-run"], NOTIFIERS);
    expect(errors).toMatch(
      /^Would tell SNS topic arn:\S+: pull-through-auditor: .*failing\n\nNon-compliant: /m,
    );
    expect(errors).toMatch(/^Would tell event bus \S+: 2 events$/m);
  });

  it("says nothing of it with --quiet", async () => {
    await using workspace = await setUpWorkspace(worlds.failing());
    expect(await workspace.audit(["--publish", "--quiet"], NOTIFIERS)).toMatchObject({ errors: "" });
  });

  it("ends with 3 if a delivery fails, after printing the report and delivering the rest", async () => {
    await using workspace = await setUpWorkspace(worlds.failing());
    const ended = await workspace.audit(["--publish", "--format", "json"], {
      ...NOTIFIERS,
      AUDIT_EVENT_BUS: "no-such-bus",
    });
    expect(ended.code).toBe(3);
    expect(schemaProblems(JSON.parse(ended.output))).toEqual([]);
    expect(ended.errors).toMatch(
      /^Told SNS topic .*\nThe audit is complete, but could not be delivered:\n {2}event bus no-such-bus: /,
    );
    expect(workspace.simulator.published).toHaveLength(1);
  });
});

describe("audit cannot start, prints nothing and reports why on standard error:", () => {
  type Refusal = {
    readonly what: string;
    readonly words?: readonly string[];
    readonly environment?: Record<string, string>;
    readonly code: number;
    readonly says: readonly string[];
  };

  it.each<Refusal>([
    { what: "unknown option", words: ["--acounts", HUB], code: 64, says: ["unknown option '--acounts'"] },
    {
      what: "bad account id",
      words: ["--accounts", `${HUB},123`],
      code: 64,
      says: ['"123" must be a 12-digit AWS account id'],
    },
    {
      what: "foreign account",
      words: ["--accounts", "999999999999"],
      code: 64,
      says: ["account 999999999999 is outside the policy's scope"],
    },
    {
      what: "no credentials",
      environment: { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" },
      code: 69,
      says: ["credentials", "aws sts get-caller-identity"],
    },
    {
      what: "no answer",
      environment: { AWS_ENDPOINT_URL: "http://127.0.0.1:1" },
      code: 69,
      says: ["ECONNREFUSED"],
    },
    {
      what: "a member's credentials",
      environment: { AWS_ACCESS_KEY_ID: `AKIASIM0${MEMBER}` },
      code: 69,
      says: ["organizations:ListAccounts", "delegated administrator"],
    },
    {
      what: "no notifier to publish to",
      words: ["--publish"],
      code: 78,
      says: ["set AUDIT_TOPIC_ARN or AUDIT_EVENT_BUS"],
    },
    {
      what: "bad environment, each problem named",
      environment: { AUDIT_TOPIC_ARN: "topic", AUDIT_CONCURRENCY: "0", AUDIT_TYPO: "1" },
      code: 78,
      says: [
        "3 problems",
        "AUDIT_TOPIC_ARN must be",
        "AUDIT_CONCURRENCY must be from 1",
        "AUDIT_TYPO is not a setting",
      ],
    },
  ])("$what ($code)", async ({ words = [], environment = {}, code, says }) => {
    await using workspace = await setUpWorkspace(worlds.failing());
    const ended = await workspace.audit(words, environment);
    expect(ended).toMatchObject({ code, output: "" });
    for (const part of says) expect(ended.errors).toContain(part);
    expect(ended.errors).not.toMatch(/^ +at /m);
    expect(workspace.simulator.calls.filter(({ service }) => service === "ecr")).toEqual([]);
  });

  it("a bad policy (78), every problem with its JSON path", async () => {
    await using workspace = await setUpWorkspace(worlds.failing());
    await writeFile(
      workspace.policyFile,
      JSON.stringify({ version: 2, scope: { regions: ["Ireland"] }, allowedUpstream: [] }),
    );
    const ended = await workspace.audit();
    expect(ended).toMatchObject({ code: 78, output: "" });
    for (const path of ["$.version", "$.scope.regions[0]", "$.allowedUpstreams", "$.allowedUpstream"]) {
      expect(ended.errors).toContain(`\n  ${path} `);
    }
    expect(workspace.simulator.calls).toEqual([]);
  });
});

describe("audit reaches AWS as the SDK does", () => {
  it("by a profile with keys and an endpoint of its own", async () => {
    await using workspace = await setUpWorkspace(worlds.compliant());
    const { simulator, folder } = workspace;
    const { accessKeyId, secretAccessKey } = simulator.credentialsOf(HUB);
    const [config, credentials] = [join(folder, "config"), join(folder, "credentials")];
    await writeFile(config, `[profile audit]\nregion = us-east-1\nendpoint_url = ${simulator.url}\n`);
    await writeFile(
      credentials,
      `[audit]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    );
    const ended = await runAuditor(["audit", "--policy", workspace.policyFile], {
      AWS_PROFILE: "audit",
      AWS_CONFIG_FILE: config,
      AWS_SHARED_CREDENTIALS_FILE: credentials,
    });
    expect(ended).toMatchObject({ code: 0, errors: "" });
    expect(ended.output).toContain("all 3 registries");
  });

  it("by endpoints of single services, the host by name", async () => {
    await using workspace = await setUpWorkspace(worlds.compliant());
    const url = `${workspace.simulator.url.replace("127.0.0.1", "localhost")}/`;
    const ended = await workspace.audit([], {
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_ENDPOINT_URL_ECR: url,
      AWS_ENDPOINT_URL_ORGANIZATIONS: url,
      AWS_ENDPOINT_URL_STS: url,
    });
    expect(ended).toMatchObject({ code: 0, errors: "" });
    expect(ended.output).toContain("all 3 registries");
  });
});
