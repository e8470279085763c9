import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../../src/core/problem.ts";
import { lintPolicy, lintProblems } from "../../../src/policy/lint/lint.ts";
import { loadPolicy, parsePolicy } from "../../../src/policy/load.ts";
import { aPolicyFile, NOW } from "../../support/builders.ts";
import { nearlyAPolicy } from "../nearly-a-policy.ts";

const checkIds = ["rule-validation", "root-prefix"];

function lint(file: unknown) {
  return lintProblems(file, checkIds, NOW).map(({ path, message }) => ({ path, message }));
}

const where = { accounts: ["111122223333"] };
const waiver = { check: "root-prefix", reason: "known", owner: "team-a", expires: "2027-01-31" };
const route = (checks: readonly string[]) => ({
  notifications: { routes: [{ where: { checks }, topicArn: "arn:aws:sns:eu-west-1:111122223333:team-a" }] },
});
const custom = {
  id: "own-check",
  title: "Own",
  severity: "low",
  appliesTo: "rule",
  assert: "rule.credentialArn != ''",
  message: "It fails.",
  remediation: "Fix it.",
};
const hub = { prefix: "docker-hub", registry: "docker-hub" };
const quay = { prefix: "quay", registry: "quay" };

/** A policy that says much, all of it to some effect and none of it against itself. */
const good = {
  ...aPolicyFile(),
  scope: { accounts: "organization", excludeAccounts: ["999999999999"], regions: ["eu-west-1", "us-east-1"] },
  allowedUpstreams: [
    {
      registry: "docker-hub",
      prefixes: ["docker-hub", "mirror/"],
      secretNames: ["ecr-pullthroughcache/hub-*"],
    },
    { registry: "docker-hub", prefixes: ["hub"], secretNames: ["ecr-pullthroughcache/other"] },
    { registry: "quay", urls: ["quay.io"] },
    { registry: "ecr", accounts: ["1111*"], regions: ["eu-west-1"] },
    { registry: "ecr", accounts: ["1111*"], regions: ["eu-*"] },
  ],
  prefixes: { pattern: "[a-z-]+", maxLength: 12, root: "forbid", overlap: "forbid" },
  requiredRules: [
    hub,
    { ...quay, urls: ["https://quay.io"] },
    { prefix: "mirror", registry: "docker-hub", accounts: ["1111*"] },
    { prefix: "mirror", registry: "quay", accounts: ["2222*"] },
    { prefix: "aa", registry: "quay", regions: ["eu-west-1"], organizationalUnits: ["ou-ab12-11111111"] },
    { prefix: "aa/b", registry: "quay", regions: ["eu-west-1"], organizationalUnits: ["ou-ab12-22222222"] },
    { prefix: "ROOT", registry: "quay", accounts: ["333344445555"] },
    { prefix: "elsewhere", registry: "k8s", accounts: ["333344445555"] },
  ],
  undeclaredRules: "forbid",
  customChecks: [custom],
  checks: { "root-prefix": { severity: "low" }, "own-check": { enabled: false } },
  overrides: [
    { where, set: { checks: { "own-check": { enabled: true } } } },
    { where: { accounts: ["1111*", "999999999999"], regions: ["eu-*"] }, set: { undeclaredRules: "allow" } },
    { where: { organizationalUnits: ["ou-ab12-34567890"] }, set: { undeclaredRules: "forbid" } },
    {
      where: { accounts: ["333344445555"] },
      set: { prefixes: { root: "allow", pattern: ".*" }, allowedUpstreams: [{ registry: "k8s" }] },
    },
    {
      where: { accounts: ["666677778888"] },
      set: {
        allowedUpstreams: [{ registry: "ecr-public" }],
        requiredRules: [{ prefix: "pp", registry: "ecr-public" }],
      },
    },
  ],
  waivers: [waiver, { ...waiver, check: "own-*", expires: "2026-11-20" }],
  ...route(["own-check", "*", "root-?refix"]),
};

describe("a good policy", () => {
  it("has nothing that the linter finds", () => {
    expect(lint(good)).toEqual([]);
    expect(lint(aPolicyFile())).toEqual([]);
  });

  it("is read as it is loaded", () => {
    const text = JSON.stringify(good);
    expect(lintPolicy(text, "policy.json", checkIds, NOW)).toEqual({
      loaded: loadPolicy(text, "policy.json", checkIds),
      problems: [],
    });
  });
});

const inScope = (scope: object, place: object) => ({
  scope,
  overrides: [{ where: place, set: { changes: { allowedPrincipals: ["*"] } } }],
  requiredRules: [],
  undeclaredRules: "allow",
});
const requiring = (...requiredRules: readonly object[]) => ({ requiredRules });
const allowing = (...allowedUpstreams: readonly object[]) => ({ allowedUpstreams, requiredRules: [hub] });
const inOverride = (set: object) => ({ overrides: [{ where: { accounts: ["666677778888"] }, set }] });

/** {@link good} with one thing spoiled, and the one problem that this makes. */
const spoiled = [
  {
    spoil: { waivers: [waiver, { ...waiver, expires: "2026-11-19" }] },
    path: "$.waivers[1].expires",
    message: "has expired: 2026-11-19 was the last day on which the waiver was valid",
  },
  {
    spoil: { waivers: [{ ...waiver, check: "root-prefxi" }] },
    path: "$.waivers[0].check",
    message:
      'does not match any check; the checks are rule-validation, root-prefix, own-check; did you mean "root-prefix"?',
  },
  {
    spoil: { waivers: [{ ...waiver, check: "none-*" }] },
    path: "$.waivers[0].check",
    message: /^does not match any check/,
  },
  {
    spoil: route(["*", "none"]),
    path: "$.notifications.routes[0].where.checks[1]",
    message: "does not match any check; the checks are rule-validation, root-prefix, own-check",
  },

  {
    spoil: inScope({ accounts: ["111122223333"] }, { accounts: ["2222*", "333344445555"] }),
    path: "$.overrides[0].where.accounts",
    message: "does not match any account of the scope",
  },
  {
    spoil: inScope(
      { accounts: ["111122223333", "222233334444"], excludeAccounts: ["222233334444"] },
      { accounts: ["2*"] },
    ),
    path: "$.overrides[0].where.accounts",
    message: "does not match any account of the scope",
  },
  {
    spoil: inScope(
      { accounts: "organization", excludeAccounts: ["222233334444", "999999999999"] },
      { accounts: ["999999999999", "222233334444"] },
    ),
    path: "$.overrides[0].where.accounts",
    message: "matches only accounts that the scope excludes",
  },
  {
    spoil: inScope({ regions: ["eu-west-1"] }, { regions: ["us-*", "eu-west-2"] }),
    path: "$.overrides[0].where.regions",
    message: "does not match any region of the scope",
  },
  {
    spoil: inScope({ accounts: "current" }, { organizationalUnits: ["r-ab12"] }),
    path: "$.overrides[0].where.organizationalUnits",
    message: 'uses organizational units, which are known only if the scope has "accounts": "organization"',
  },

  {
    spoil: allowing({ registry: "docker-hub" }, { registry: "docker-hbu" }),
    path: "$.allowedUpstreams[1].registry",
    message: /^is not known to this version, which knows ecr-public, /,
  },
  {
    spoil: inOverride({ allowedUpstreams: [{ registry: "new-one" }] }),
    path: "$.overrides[0].set.allowedUpstreams[0].registry",
    message: /^is not known to this version/,
  },
  {
    spoil: allowing(
      { registry: "docker-hub" },
      { registry: "quay" },
      { registry: "docker-hub", prefixes: ["hub"] },
    ),
    path: "$.allowedUpstreams[2]",
    message: "is redundant: $.allowedUpstreams[0] allows everything that it allows",
  },
  {
    spoil: allowing({ registry: "docker-hub" }, { registry: "docker-hub" }),
    path: "$.allowedUpstreams[1]",
    message: /^is redundant/,
  },
  {
    spoil: allowing(
      { registry: "docker-hub", prefixes: ["docker-*"], secretNames: ["*"] },
      { registry: "docker-hub", prefixes: ["docker-hub/", "docker-x*"] },
    ),
    path: "$.allowedUpstreams[1]",
    message: /^is redundant/,
  },
  {
    spoil: allowing(
      { registry: "docker-hub" },
      { registry: "azure-container-registry", urls: ["*.azurecr.io"] },
      { registry: "azure-container-registry", urls: ["https://contoso.azurecr.io"] },
    ),
    path: "$.allowedUpstreams[2]",
    message: "is redundant: $.allowedUpstreams[1] allows everything that it allows",
  },
  {
    spoil: inOverride({ allowedUpstreams: [{ registry: "quay" }, { registry: "quay", urls: ["quay.io"] }] }),
    path: "$.overrides[0].set.allowedUpstreams[1]",
    message: "is redundant: $.overrides[0].set.allowedUpstreams[0] allows everything that it allows",
  },

  {
    spoil: requiring({ prefix: "github", registry: "github-container-registry" }),
    path: "$.requiredRules[0].registry",
    message: "is required, but no entry of allowedUpstreams allows it",
  },
  {
    spoil: {
      ...allowing({ registry: "quay", urls: ["quay.io"] }),
      ...requiring({ ...quay, urls: ["quay.example.com"] }),
    },
    path: "$.requiredRules[0].registry",
    message: "is required, but no entry of allowedUpstreams allows it",
  },
  {
    spoil: requiring({ ...hub, prefix: "docker" }),
    path: "$.requiredRules[0].prefix",
    message:
      "is required for docker-hub, for which allowedUpstreams allows only docker-hub or mirror/ or hub",
  },
  {
    spoil: requiring({ ...quay, prefix: "quay1" }),
    path: "$.requiredRules[0].prefix",
    message: "is required, but does not match prefixes.pattern ([a-z-]+)",
  },
  {
    spoil: requiring({ ...quay, prefix: "quay-of-us-all" }),
    path: "$.requiredRules[0].prefix",
    message: "is required, but longer than prefixes.maxLength (12)",
  },
  {
    spoil: requiring({ ...quay, prefix: "ROOT" }),
    path: "$.requiredRules[0].prefix",
    message: "is required, but prefixes.root forbids it",
  },
  {
    spoil: { prefixes: undefined, ...requiring({ ...quay, prefix: "ROOT" }) },
    path: "$.requiredRules[0].prefix",
    message: "is required, but prefixes.root forbids it",
  },
  {
    spoil: { prefixes: {}, ...requiring({ ...quay, prefix: "aa/b" }, { ...quay, prefix: "aa" }) },
    path: "$.requiredRules[0].prefix",
    message: "is required, but is nested inside aa of $.requiredRules[1], which prefixes.overlap forbids",
  },
  {
    spoil: { prefixes: {}, ...requiring({ ...quay, prefix: "aa/" }, { ...quay, prefix: "aa/b/c/" }) },
    path: "$.requiredRules[1].prefix",
    message: "is required, but is nested inside aa of $.requiredRules[0], which prefixes.overlap forbids",
  },
  {
    spoil: {
      allowedUpstreams: [{ registry: "quay" }, { registry: "k8s" }],
      ...requiring({ ...quay, regions: ["eu-*"] }, { ...quay, registry: "k8s", regions: ["*-west-1"] }),
    },
    path: "$.requiredRules[1].registry",
    message: "is required for the prefix quay, for which $.requiredRules[0] requires quay",
  },
  {
    spoil: inOverride({ requiredRules: [{ prefix: "kk", registry: "k8s" }] }),
    path: "$.overrides[0].set.requiredRules[0].registry",
    message: "is required, but no entry of allowedUpstreams allows it",
  },
  {
    spoil: inOverride({ prefixes: { maxLength: 3 }, requiredRules: [quay] }),
    path: "$.overrides[0].set.requiredRules[0].prefix",
    message: "is required, but longer than prefixes.maxLength (3)",
  },
  {
    spoil: inOverride({ prefixes: { maxLength: 3 }, requiredRules: [{ ...quay, prefix: "q1" }] }),
    path: "$.overrides[0].set.requiredRules[0].prefix",
    message: "is required, but does not match prefixes.pattern ([a-z-]+)",
  },
  {
    spoil: {
      ...requiring({ ...quay, prefix: "quay1", regions: ["us-*"] }),
      overrides: [{ where: { regions: ["eu-*"] }, set: { prefixes: { pattern: ".*" } } }],
    },
    path: "$.requiredRules[0].prefix",
    message: "is required, but does not match prefixes.pattern ([a-z-]+)",
  },
  {
    spoil: { requiredRules: [], overrides: [] },
    path: "$.undeclaredRules",
    message: "forbids every rule, because no requiredRules declare any",
  },
  {
    spoil: {
      requiredRules: [],
      undeclaredRules: "allow",
      overrides: [{ where, set: { undeclaredRules: "forbid" } }],
    },
    path: "$.overrides[0].set.undeclaredRules",
    message: /^forbids every rule/,
  },
];

/** The rules that {@link good} requires where its overrides turn things around are left out with these. */
function spoil(by: object): object {
  return { ...good, requiredRules: [hub], overrides: [], ...by };
}

describe("a policy with one error", () => {
  it.each(spoiled)("is reported: $path $message", ({ spoil: by, path, message }) => {
    expect(lint(spoil(by))).toEqual([
      { path, message: typeof message === "string" ? message : expect.stringMatching(message) },
    ]);
  });

  it.each(spoiled)("is still accepted by an audit: $path $message", ({ spoil: by }) => {
    const file: unknown = JSON.parse(JSON.stringify(spoil(by)));
    expect(() => parsePolicy(file, "policy.json", checkIds)).not.toThrow();
  });
});

/** What the linter must let pass, for it may be meant. */
const harmless = [
  {
    what: "an account of an organization that is only partly excluded",
    spoil: inScope({ accounts: "organization", excludeAccounts: ["111122223333"] }, { accounts: ["1111*"] }),
  },
  {
    what: "regions of accounts of which nobody knows what they have enabled",
    spoil: inScope({ regions: "enabled" }, { regions: ["eu-west-3"] }),
  },
  { what: "an account when only the current one is audited", spoil: inScope({ accounts: "current" }, where) },
  {
    what: "one account of several of the scope",
    spoil: inScope({ accounts: ["222233334444", "111122223333"] }, { accounts: ["1111*"] }),
  },
  {
    what: "a place without accounts, where the scope lists them",
    spoil: inScope({ accounts: ["111122223333"] }, { regions: ["eu-west-1"] }),
  },
  {
    what: "a narrower entry before a wider one",
    spoil: allowing({ registry: "docker-hub", prefixes: ["docker-hub"] }, { registry: "docker-hub" }),
  },
  {
    what: "entries that each allow something of their own",
    spoil: allowing(
      { registry: "docker-hub", prefixes: ["docker-hub"] },
      { registry: "docker-hub", secretNames: ["ecr-pullthroughcache/a"] },
    ),
  },
  {
    what: "a rule inside another elsewhere",
    spoil: {
      prefixes: {},
      ...requiring(
        { ...quay, prefix: "aa", regions: ["eu-*"] },
        { ...quay, prefix: "aa/b", regions: ["us-*"] },
      ),
    },
  },
  {
    what: "a rule inside another where that is allowed",
    spoil: {
      prefixes: { overlap: "allow" },
      ...requiring({ ...quay, prefix: "aa" }, { ...quay, prefix: "aa/b" }),
    },
  },
  {
    what: "rules beside ROOT",
    spoil: { prefixes: { root: "allow" }, ...requiring({ ...quay, prefix: "ROOT" }, quay) },
  },
  {
    what: "a rule that is nested only inside ROOT",
    spoil: {
      prefixes: { root: "allow" },
      ...requiring({ ...quay, prefix: "ROOT" }, { ...quay, prefix: "ROOT/x" }),
    },
  },
  {
    what: "ROOT of an upstream that has prefixes of its own",
    spoil: { prefixes: { root: "allow" }, ...requiring({ ...hub, prefix: "ROOT" }) },
  },
  {
    what: "a host of an upstream for which none is named",
    spoil: requiring({ ...hub, urls: ["registry-1.docker.io"] }),
  },
  {
    what: "rules with a common beginning that is no path",
    spoil: { prefixes: {}, ...requiring({ ...quay, prefix: "qu" }, quay) },
  },
  { what: "the same rule required twice", spoil: requiring(quay, { ...quay, regions: ["eu-west-1"] }) },
  {
    what: "what an override allows where it is required",
    spoil: {
      ...requiring({ ...quay, prefix: "quay1", ...where }),
      overrides: [{ where, set: { prefixes: { pattern: ".*" } } }],
    },
  },
  {
    what: "rules that are declared in an override only",
    spoil: { requiredRules: [], overrides: [{ where, set: { requiredRules: [hub] } }] },
  },
];

describe("a policy that may be meant", () => {
  it.each(harmless)("passes: $what", ({ spoil: by }) => {
    expect(lint(spoil(by))).toEqual([]);
  });
});

/** A part that the schema rejects, so that the lint rules that need it cannot report anything. */
const unreadable = [
  {
    what: "upstreams, whichever rules are required",
    spoil: { allowedUpstreams: { registry: "docker-hub" } },
    path: "$.allowedUpstreams",
  },
  {
    what: "accounts of the scope, whatever overrides name",
    spoil: inScope({ accounts: "all" }, { ...where, organizationalUnits: ["r-ab12"] }),
    path: "$.scope.accounts",
  },
  {
    what: "excluded accounts, whatever overrides name",
    spoil: inScope({ accounts: "organization", excludeAccounts: "1*" }, where),
    path: "$.scope.excludeAccounts",
  },
  {
    what: "a place of an override, which may be where a rule is required",
    spoil: {
      ...requiring({ ...quay, prefix: "quay1" }),
      overrides: [{ where: { regions: "eu-west-1" }, set: { prefixes: { pattern: ".*" } } }],
    },
    path: "$.overrides[0].where.regions",
  },
];

describe("a policy with an invalid part", () => {
  it.each(unreadable)("has that one problem: $what", ({ spoil: by, path }) => {
    expect(lint(spoil(by)).map((problem) => problem.path)).toEqual([path]);
  });
});

describe("a policy with everything wrong", () => {
  const file = {
    version: 2,
    nmae: "x",
    scope: { accounts: ["111122223333"], regions: ["eu-west-1", "Ireland"], excludeAccounts: ["1"] },
    allowedUpstreams: [
      { registry: "docker-hub", prefixes: ["docker-hub"] },
      { registry: "docker-hub", prefixes: ["docker-hub"], secretNames: ["ecr-pullthroughcache/a"] },
      { registry: "quay", secretNames: ["*"] },
      { registry: "docker-hbu" },
      {},
    ],
    prefixes: { pattern: "(a", maxLength: 6, root: "forbid", overlap: "yes" },
    requiredRules: [
      { prefix: "", registry: "quay" },
      { prefix: "docker", registry: "docker-hub" },
      { prefix: "ROOT", registry: "quay" },
      { prefix: "k8s-long", registry: "k8s" },
      { prefix: "docker", registry: "quay" },
    ],
    checks: { unheard: {}, "own-check": { severity: "urgent" } },
    customChecks: [
      { ...custom, assert: "rule.credentailArn == ''" },
      { ...custom, severity: "urgent", assert: "rule.credentialArn" },
      { ...custom, id: "root-prefix" },
      { ...custom, id: "Own" },
    ],
    overrides: [
      {
        where: { accounts: ["222233334444"], regions: "eu-west-1" },
        set: { checks: { nothing: {} }, scope: {} },
      },
      { where: { accounts: ["222233334444"] }, set: {} },
    ],
    waivers: [
      { ...waiver, check: "none", expires: "soon" },
      { ...waiver, expires: "2020-01-31", reason: "" },
    ],
    notifications: { when: "often", routes: [{ where: { checks: ["none"] }, topicArn: "x" }] },
  };

  const paths = [
    "$.version",
    "$.nmae",
    "$.scope.regions[1]",
    "$.scope.excludeAccounts[0]",
    "$.allowedUpstreams[1]",
    "$.allowedUpstreams[2].secretNames",
    "$.allowedUpstreams[3].registry",
    "$.allowedUpstreams[4].registry",
    "$.prefixes.pattern",
    "$.prefixes.overlap",
    "$.requiredRules[0].prefix",
    "$.requiredRules[1].prefix",
    "$.requiredRules[2].prefix",
    "$.requiredRules[3].prefix",
    "$.requiredRules[3].registry",
    "$.requiredRules[4].registry",
    "$.checks.unheard",
    '$.checks["own-check"].severity',
    "$.customChecks[0].assert",
    "$.customChecks[1].id",
    "$.customChecks[1].severity",
    "$.customChecks[1].assert",
    "$.customChecks[2].id",
    "$.customChecks[3].id",
    "$.overrides[0].where.regions",
    "$.overrides[0].set.checks.nothing",
    "$.overrides[0].set.scope",
    "$.overrides[1].where.accounts",
    "$.waivers[0].check",
    "$.waivers[0].expires",
    "$.waivers[1].reason",
    "$.waivers[1].expires",
    "$.notifications.when",
    "$.notifications.routes[0].where.checks[0]",
    "$.notifications.routes[0].topicArn",
  ];

  it("is refused for all of it at once, in the order of the file", () => {
    expect(lint(file).map(({ path }) => path)).toEqual(paths);
  });

  it("is refused by an audit for what no audit can use, in the same order", () => {
    const refusal = refusalOf(() => parsePolicy(file, "policy.json", checkIds));
    const all = lint(file).map(({ path }) => path);
    expect(refusal).toEqual(all.filter((path) => refusal.includes(path)));
    expect(refusal).toContain("$.customChecks[0].assert");
    expect(refusal).not.toContain("$.waivers[1].expires");
  });

  it("cannot be used, and says where each of it is", () => {
    const { loaded, problems } = lintPolicy(JSON.stringify(file, null, 2), "policy.json", checkIds, NOW);
    expect(loaded).toBeNull();
    expect(problems.map(({ path }) => path)).toEqual(paths);
    expect(problems.slice(0, 3)).toMatchObject([
      { rule: "invalid-value", level: "error", message: "must be 1", line: 2, column: 3 },
      { message: 'is not a known key; did you mean "name"?', line: 3 },
      { path: "$.scope.regions[1]", line: 10, column: 7 },
    ]);
    expect(problems.filter(({ level }) => level === "warning").map(({ rule }) => rule)).toEqual([
      "expired-waiver",
    ]);
  });
});

describe("text that is not JSON", () => {
  it("has that one problem", () => {
    const found = (text: string) => lintPolicy(text, "policy.json", checkIds, NOW).problems;
    expect(found("{")).toMatchObject([{ rule: "invalid-json", path: "$", line: null }]);
    const twice = '{"version":1,"version":1,"allowedUpstreams":[{"registry":"quay"}]}';
    expect(found(twice)).toMatchObject([{ rule: "duplicate-key", path: "$.version", line: 1, column: 14 }]);
  });
});

describe("the linter", () => {
  it.each([
    { input: "any JSON", files: fc.jsonValue() },
    { input: "what is nearly a policy", files: nearlyAPolicy },
  ])("finds at least what the loading does, and never throws, on $input", ({ files }) => {
    fc.assert(
      fc.property(files, (file: unknown) => {
        const paths = lint(file).map(({ path }) => path);
        expect(paths).toEqual(expect.arrayContaining(loadingRefuses(file)));
      }),
      { numRuns: 500 },
    );
  });

  function loadingRefuses(file: unknown): string[] {
    try {
      parsePolicy(file, "policy.json", checkIds);
      return [];
    } catch (error) {
      return [...pathsIn(error)];
    }
  }
});

function refusalOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    return pathsIn(error);
  }
  throw new Error("the policy was accepted");
}

function pathsIn(error: unknown): readonly string[] {
  if (error instanceof ConfigurationError) return error.problems.map(({ path }) => path);
  throw error;
}
