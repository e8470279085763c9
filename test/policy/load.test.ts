import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigurationError, type Problem } from "../../src/core/problem.ts";
import { loadPolicy, parsePolicy } from "../../src/policy/load.ts";
import { aPolicyFile } from "../support/builders.ts";
import { nearlyAPolicy } from "./nearly-a-policy.ts";

const checkIds = ["rule-validation", "root-prefix"];

function parse(file: unknown) {
  return parsePolicy(file, "policy.json", checkIds);
}

function load(text: string) {
  return loadPolicy(text, "policy.json", checkIds);
}

/** The problems for which `work` refuses a policy. */
function problemsOf(work: () => unknown): readonly Problem[] {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  throw new Error("the policy was accepted");
}

describe("a policy", () => {
  it("needs nothing but its version and the allowed upstreams; the rest has defaults", () => {
    expect(parse({ version: 1, allowedUpstreams: [] })).toMatchObject({
      version: 1,
      name: "unnamed policy",
      scope: { accounts: "current", excludeAccounts: [] },
      allowedUpstreams: [],
      prefixes: { root: "forbid", overlap: "forbid", duplicateUpstreams: "allow" },
      checks: {},
    });
  });

  it("keeps what it says", () => {
    const file = {
      $schema: "./policy.schema.json",
      version: 1,
      name: "Example organization",
      scope: {
        accounts: "organization",
        organizationalUnits: ["ou-ab12-34567890", "r-ab12"],
        excludeAccounts: ["999999999999"],
        regions: ["us-east-1", "us-gov-west-1", "ap-southeast-10"],
      },
      allowedUpstreams: [
        { registry: "docker-hub", prefixes: ["docker-hub"], secretNames: ["ecr-pullthroughcache/hub-*"] },
        { registry: "azure-container-registry", urls: ["contoso*.azurecr.io"] },
        {
          registry: "ecr",
          accounts: ["111122223333"],
          regions: ["us-*"],
          upstreamPrefixes: ["base/*"],
          roleNames: ["ecr-pull-*"],
        },
        { registry: "some-newer-registry", secretNames: ["*"], roleNames: ["*"] },
      ],
      prefixes: {
        pattern: "[a-z]+",
        maxLength: 20,
        root: "allow",
        overlap: "allow",
        duplicateUpstreams: "forbid",
      },
      checks: { "rule-validation": { enabled: false }, "root-prefix": { severity: "critical" } },
    };
    expect(parse(file)).toMatchObject(file);
  });
});

describe("a policy's custom checks", () => {
  it("can be named by the policy, its overrides and its waivers like any other", () => {
    const file = aPolicyFile({
      checks: { own: { severity: "high" }, "root-prefix": {} },
      overrides: [{ where: {}, set: { checks: { own: { enabled: false } } } }],
      waivers: [{ check: "own", reason: "known", owner: "team-a", expires: "2027-01-31" }],
    });
    const policy = parse({ ...file, customChecks: [aCustomCheck({ id: "own" })] });
    expect(policy.customChecks.map(({ id }) => id)).toEqual(["own"]);
    expect(problemsOf(() => parse(file)).map(({ path }) => path)).toEqual([
      "$.checks.own",
      "$.overrides[0].set.checks.own",
    ]);
  });

  it("do not hide each other's mistakes, nor other sections'", () => {
    const customChecks = [
      aCustomCheck({ severity: "urgent", assert: "rule.", title: "" }),
      aCustomCheck({ assert: "region" }),
    ];
    const file = { ...aPolicyFile(), customChecks, prefixes: { maxLength: 99 }, checks: { first: {} } };
    expect(problemsOf(() => parse(file)).map(({ path }) => path)).toEqual([
      "$.customChecks[0].title",
      "$.customChecks[0].severity",
      "$.customChecks[0].assert",
      "$.customChecks[1].id",
      "$.customChecks[1].assert",
      "$.prefixes.maxLength",
      "$.checks.first",
    ]);
  });
});

const notAnAccount = "must be a 12-digit AWS account id";
const notARegion = "must be the code of an AWS region, such as eu-west-1";
const notAUnit = "must be the id of an organizational unit, such as ou-ab12-34567890, or of a root";
const notARegistry = "must be the name of an upstream registry, such as docker-hub";
const noRole = "applies only to ECR upstreams";
const noSecret = "applies only to upstreams that authenticate with a secret";

/** Policies of which one thing is spoiled: what takes its place, and the one problem that this makes. */
const spoiled: readonly {
  readonly spoil: object;
  readonly path: string;
  readonly message: string | RegExp;
}[] = [
  { spoil: { version: undefined }, path: "$.version", message: "must be 1" },
  { spoil: { version: 2 }, path: "$.version", message: "must be 1" },
  { spoil: { version: "1" }, path: "$.version", message: "must be 1" },
  { spoil: { nmae: "x" }, path: "$.nmae", message: 'is not a known key; did you mean "name"?' },
  { spoil: { "not a name": 1 }, path: '$["not a name"]', message: "is not a known key" },
  { spoil: { $schema: 1 }, path: "$.$schema", message: "must be of type string" },
  { spoil: { name: "" }, path: "$.name", message: "must have a length of at least 1" },
  { spoil: { name: "x".repeat(101) }, path: "$.name", message: "must have a length of at most 100" },
  { spoil: { name: null }, path: "$.name", message: "must be of type string" },
  {
    spoil: { allowedUpstreams: undefined },
    path: "$.allowedUpstreams",
    message: "is missing (array)",
  },
  { spoil: { allowedUpstreams: {} }, path: "$.allowedUpstreams", message: "must be of type array" },
  ...inScope({ acounts: "current" }, "acounts", 'is not a known key; did you mean "accounts"?'),
  ...inScope(
    { accounts: "all" },
    "accounts",
    'must be "organization", "current" or a list of 12-digit account ids',
  ),
  ...inScope({ accounts: [] }, "accounts", "must have a number of entries of at least 1"),
  ...inScope({ accounts: ["111122223333", "1234"] }, "accounts[1]", notAnAccount),
  ...inScope({ excludeAccounts: ["11112222333x"] }, "excludeAccounts[0]", notAnAccount),
  ...inScope({ excludeAccounts: [111122223333] }, "excludeAccounts[0]", "must be of type string"),
  ...inScope({ regions: "all" }, "regions", 'must be "enabled" or a list of regions such as eu-west-1'),
  ...inScope({ regions: [] }, "regions", "must have a number of entries of at least 1"),
  ...inScope({ regions: ["eu-west-1", "Ireland"] }, "regions[1]", notARegion),
  ...inScope({ regions: ["eu-west-1a"] }, "regions[0]", notARegion),
  ...inScope({ regions: ["*"] }, "regions[0]", notARegion),
  ...inScope({ accounts: "organization", organizationalUnits: ["ou-1"] }, "organizationalUnits[0]", notAUnit),
  ...inScope(
    { accounts: "organization", organizationalUnits: [] },
    "organizationalUnits",
    "must have a number of entries of at least 1",
  ),
  ...inScope(
    { organizationalUnits: ["r-ab12"] },
    "organizationalUnits",
    'requires "accounts": "organization"',
  ),
  ...inScope(
    { accounts: ["111122223333"], organizationalUnits: ["r-ab12"] },
    "organizationalUnits",
    'requires "accounts": "organization"',
  ),
  ...inUpstream({ registry: undefined }, "registry", "is missing (string)"),
  ...inUpstream({ registry: "Docker Hub" }, "registry", notARegistry),
  ...inUpstream({ registry: "docker-*" }, "registry", notARegistry),
  ...inUpstream({ url: ["quay.io"] }, "url", 'is not a known key; did you mean "urls"?'),
  ...inUpstream({ prefixes: "docker-hub" }, "prefixes", "must be of type array"),
  ...inUpstream({ prefixes: [] }, "prefixes", "must have a number of entries of at least 1"),
  ...inUpstream({ prefixes: [""] }, "prefixes[0]", "must have a length of at least 1"),
  ...inUpstream({ accounts: ["111122223333"] }, "accounts", noRole),
  ...inUpstream({ regions: ["eu-west-1"] }, "regions", noRole),
  ...inUpstream({ roleNames: ["ecr-pull"] }, "roleNames", noRole),
  ...inUpstream({ registry: "quay", secretNames: ["*"] }, "secretNames", noSecret),
  ...inUpstream({ registry: "ecr", secretNames: ["*"] }, "secretNames", noSecret),
  ...inPrefixes({ patern: "a" }, "patern", 'is not a known key; did you mean "pattern"?'),
  ...inPrefixes({ maxLength: 1 }, "maxLength", "must be at least 2"),
  ...inPrefixes({ maxLength: 31 }, "maxLength", "must be at most 30"),
  ...inPrefixes({ maxLength: 2.5 }, "maxLength", "must be of type int"),
  ...inPrefixes({ maxLength: "20" }, "maxLength", "must be of type number"),
  ...inPrefixes({ root: true }, "root", 'must be "allow" or "forbid"'),
  ...inPrefixes({ overlap: "no" }, "overlap", 'must be "allow" or "forbid"'),
  ...inPrefixes({ duplicateUpstreams: null }, "duplicateUpstreams", 'must be "allow" or "forbid"'),
  ...inPrefixes(
    { pattern: "(a" },
    "pattern",
    "is not a regular expression in RE2 syntax: error parsing regexp: missing closing ): `(a`",
  ),
  { spoil: { checks: [{}] }, path: "$.checks", message: "must be of type record" },
  {
    spoil: { checks: { "root-prefxi": { enabled: false } } },
    path: '$.checks["root-prefxi"]',
    message:
      'is not the id of a check; the checks are rule-validation, root-prefix; did you mean "root-prefix"?',
  },
  {
    spoil: { checks: { "root-prefix": { enabled: "no" } } },
    path: '$.checks["root-prefix"].enabled',
    message: "must be of type boolean",
  },
  {
    spoil: { checks: { "root-prefix": { severity: "urgent" } } },
    path: '$.checks["root-prefix"].severity',
    message: 'must be "critical" or "high" or "medium" or "low" or "informational"',
  },
  {
    spoil: { checks: { "root-prefix": { disabled: true } } },
    path: '$.checks["root-prefix"].disabled',
    message: "is not a known key",
  },
  ...inCustomChecks({ assert: "rule.credentailArn == ''" }, "assert", /^is not valid: unknown field /),
  ...inCustomChecks({ assert: "rule.credentialArn" }, "assert", "must be of type bool, not of type string"),
  ...inCustomChecks({ assert: "" }, "assert", "must have a length of at least 1"),
  ...inCustomChecks({ assert: "a".repeat(4_001) }, "assert", "must have a length of at most 4000"),
  ...inCustomChecks(
    { appliesTo: "registry" },
    "assert",
    /^is not valid: unknown variable rule; the variables are registry, account, region /,
  ),
  ...inCustomChecks({ appliesTo: "fleet" }, "appliesTo", 'must be "rule" or "registry"'),
  ...inCustomChecks({ id: "Own" }, "id", "must be lower-case words joined by hyphens"),
  ...inCustomChecks({ id: "root-prefix" }, "id", "is already the id of a built-in check: root-prefix"),
  ...inCustomChecks({ id: "first" }, "id", "is already the id of another check, $.customChecks[0]: first"),
  ...inCustomChecks({ enabled: true }, "enabled", "is not a known key"),
  {
    spoil: { overrides: [{ where: {}, set: { checks: { "root-prefix": {}, unheard: {} } } }] },
    path: "$.overrides[0].set.checks.unheard",
    message: "is not the id of a check; the checks are rule-validation, root-prefix",
  },
  {
    spoil: { overrides: [{ where: {}, set: { customChecks: [] } }] },
    path: "$.overrides[0].set.customChecks",
    message: "is not a known key",
  },
];

function aCustomCheck(overrides: object = {}) {
  return {
    id: "second",
    title: "Rules have credentials",
    severity: "low",
    appliesTo: "rule",
    assert: "rule.credentialArn != ''",
    message: "This rule has none.",
    remediation: "Give it one.",
    ...overrides,
  };
}

function inCustomChecks(check: object, path: string, message: string | RegExp) {
  const customChecks = [aCustomCheck({ id: "first" }), aCustomCheck(check)];
  return [{ spoil: { customChecks }, path: `$.customChecks[1].${path}`, message }];
}

function inScope(scope: object, path: string, message: string) {
  return [{ spoil: { scope }, path: `$.scope.${path}`, message }];
}

function inUpstream(entry: object, path: string, message: string) {
  const allowedUpstreams = [{ registry: "quay" }, { registry: "docker-hub", ...entry }];
  return [{ spoil: { allowedUpstreams }, path: `$.allowedUpstreams[1].${path}`, message }];
}

function inPrefixes(prefixes: object, path: string, message: string) {
  return [{ spoil: { prefixes }, path: `$.prefixes.${path}`, message }];
}

describe("a policy with one error", () => {
  it.each(spoiled)("is rejected: $path $message", ({ spoil, path, message }) => {
    expect(problemsOf(() => parse({ ...aPolicyFile(), ...spoil }))).toEqual([
      { path, message: typeof message === "string" ? message : expect.stringMatching(message) },
    ]);
  });

  it.each([null, [], "policy", 1, true])("is rejected if it is not an object: %j", (value) => {
    expect(problemsOf(() => parse(value))).toEqual([{ path: "$", message: "must be of type object" }]);
  });
});

describe("a policy with many errors", () => {
  it("is refused for all of them at once, in the order of the file", () => {
    const file = {
      version: 2,
      nmae: "x",
      scope: { regions: ["Ireland"], organizationalUnits: ["r-ab12"], excludeAccounts: ["1"] },
      allowedUpstreams: [{ registry: "quay", secretNames: ["*"], urls: [] }, {}],
      prefixes: { pattern: "(a", maxLength: 99 },
      checks: { "root-prefix": { severity: "urgent" }, unheard: {} },
    };
    const paths = problemsOf(() => parse(file)).map(({ path }) => path);
    expect(paths).toEqual([
      "$.version",
      "$.nmae",
      "$.scope.regions[0]",
      "$.scope.organizationalUnits",
      "$.scope.excludeAccounts[0]",
      "$.allowedUpstreams[0].secretNames",
      "$.allowedUpstreams[0].urls",
      "$.allowedUpstreams[1].registry",
      "$.prefixes.pattern",
      "$.prefixes.maxLength",
      '$.checks["root-prefix"].severity',
      "$.checks.unheard",
    ]);
  });
});

describe("the parser", () => {
  it.each([
    { input: "any JSON", files: fc.jsonValue() },
    { input: "what is nearly a policy", files: nearlyAPolicy },
  ])("throws nothing but a ConfigurationError that says why, on $input", ({ files }) => {
    fc.assert(
      fc.property(files, (file: unknown) => {
        const problems = refusalOf(file);
        if (problems === null) return;
        expect(problems).not.toEqual([]);
        for (const { path, message } of problems) {
          expect(path).toMatch(/^\$/);
          expect(message).toMatch(/^(is|must|requires|applies|calls|may) /);
        }
      }),
      { numRuns: 500 },
    );
  });

  function refusalOf(file: unknown): readonly Problem[] | null {
    try {
      parse(file);
      return null;
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
      return error instanceof ConfigurationError ? error.problems : [];
    }
  }
});

describe("a policy file", () => {
  const text = JSON.stringify(aPolicyFile({ name: "Übung" }), null, 2);

  it("is identified by the digest of its bytes, as sha256sum prints it", () => {
    const digest = createHash("sha256").update(Buffer.from(text, "utf8")).digest("hex");
    expect(load(text).digest).toBe(`sha256:${digest}`);
  });

  it("has another digest when a byte differs", () => {
    expect(load(`${text}\n`).digest).not.toBe(load(text).digest);
  });

  it("may begin with a byte order mark, which counts in its digest", () => {
    const marked = load(`\uFEFF${text}`);
    expect(marked.policy).toEqual(load(text).policy);
    expect(marked.digest).not.toBe(load(text).digest);
  });

  it.each([
    { what: "an empty file", broken: "" },
    { what: "a file that is cut off", broken: text.slice(0, -1) },
    { what: "a comment", broken: `// policy\n${text}` },
    { what: "two byte order marks", broken: `\uFEFF\uFEFF${text}` },
  ])("is refused as no JSON: $what", ({ broken }) => {
    expect(problemsOf(() => load(broken))).toEqual([
      { path: "$", message: expect.stringMatching(/^is not JSON: ./) },
    ]);
  });

  it("is rejected because of a duplicate key, together with all other problems", () => {
    const twice = text.replace("{", '{"waivers":[],"name":1,').replace(/\}\s*$/, ',"waivers":[]}');
    expect(problemsOf(() => load(twice)).map(({ path }) => path)).toEqual(
      expect.arrayContaining(["$.waivers"]),
    );
    expect(problemsOf(() => load('{"version":1,"version":2}'))).toEqual([
      { path: "$.allowedUpstreams", message: expect.stringMatching(/^is missing/) },
      { path: "$.version", message: "is a duplicate key; only the last value would be used" },
      { path: "$.version", message: "must be 1" },
    ]);
  });

  it("is refused for what it says, named by where it came from", () => {
    expect(() => load("{}")).toThrow("policy.json: 2 problems\n  $.version must be 1\n");
  });
});
