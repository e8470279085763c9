import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../../src/package-file.ts";
import { lintProblems, lintRules } from "../../../src/policy/lint/lint.ts";
import { aPolicyFile, NOW } from "../../support/builders.ts";

function lint(spoil: object) {
  return lintProblems({ ...aPolicyFile(), ...spoil }, ["root-prefix", "rule-validation"], NOW);
}

const waiver = { check: "root-prefix", reason: "known", owner: "team-a", expires: "2027-01-31" };
const topicArn = "arn:aws:sns:eu-west-1:111122223333:team-a";
const set = { changes: { allowedPrincipals: ["*"] } };
const routed = (route: object) => ({ notifications: { routes: [{ where: {}, topicArn, ...route }] } });

/** Each place of a policy that selects registries. */
const places = {
  "$.waivers[0]": (at: object) => ({ waivers: [{ ...waiver, ...at }] }),
  "$.overrides[0].where": (where: object) => ({ overrides: [{ where, set }] }),
  "$.owners[0].where": (where: object) => ({ owners: [{ where, name: "team-a" }] }),
  "$.notifications.routes[0].where": (where: object) => routed({ where }),
  "$.requiredRules[0]": (at: object) => ({
    allowedUpstreams: [{ registry: "quay" }],
    requiredRules: [{ prefix: "quay", registry: "quay", ...at }],
  }),
  "$.overrides[0].set.requiredRules[0]": (at: object) => ({
    overrides: [
      {
        where: { accounts: ["1*"] },
        set: {
          allowedUpstreams: [{ registry: "quay" }],
          requiredRules: [{ prefix: "quay", registry: "quay", ...at }],
        },
      },
    ],
  }),
} as const;

/** Those, and the entries of allowed upstreams, which name sources. */
const withSources = {
  ...places,
  "$.allowedUpstreams[0]": (at: object) => ({ allowedUpstreams: [{ registry: "ecr", ...at }] }),
  "$.overrides[0].set.allowedUpstreams[0]": (at: object) => ({
    overrides: [{ where: { accounts: ["1*"] }, set: { allowedUpstreams: [{ registry: "ecr", ...at }] } }],
  }),
} as const;

describe.each(Object.entries(withSources))("at %s", (path, place) => {
  it.each([
    [["eu-west-1"], null],
    [["eu-*", "*", "us-gov-east-?", "cn-north-1"], null],
    [["eu-wset-1"], 'is not a region that this version knows; did you mean "eu-west-1"?'],
    [["Ireland"], "is not a region that this version knows"],
    [["europe-*"], "does not match any region that this version knows"],
  ])("regions %j: %s", (regions, message) => {
    const found = message === null ? [] : [{ rule: "unknown-region", path: `${path}.regions[0]`, message }];
    expect(lint(place({ regions }))).toMatchObject(found);
  });

  it.each([
    [["111122223333"], true],
    [["1111*", "*", "????????????", "*2222*", "11112222333?"], true],
    [["1111"], false],
    [["1111222233334*"], false],
    [["11112222333O"], false],
    [["1111-2222-3333"], false],
  ])("accounts %j", (accounts, isRight) => {
    const found = isRight
      ? []
      : [
          {
            rule: "impossible-account",
            path: `${path}.accounts[0]`,
            message: "is not a 12-digit account id, and matches none",
          },
        ];
    expect(lint(place({ accounts }))).toMatchObject(found);
    expect(lint(place({ accounts }))).toHaveLength(found.length);
  });
});

describe.each(Object.entries(places))("outside the scope: %s", (path, place) => {
  it.each([
    {
      at: { accounts: ["222233334444"] },
      key: "accounts",
      message: "does not match any account of the scope",
    },
    { at: { regions: ["us-*"] }, key: "regions", message: "does not match any region of the scope" },
    { at: { organizationalUnits: ["r-ab12"] }, key: "organizationalUnits", message: /known only if/ },
  ])("$key", ({ at, key, message }) => {
    const scope = { accounts: ["111122223333"], regions: ["eu-west-1"] };
    // Waivers are for accounts and regions.
    if (path === "$.waivers[0]" && key === "organizationalUnits") return;
    expect(lint({ scope, ...place(at) })).toMatchObject([
      {
        rule: "outside-scope",
        path: `${path}.${key}`,
        message: typeof message === "string" ? message : expect.stringMatching(message),
      },
    ]);
  });
});

const unit = "ou-ab12-34567890";
const inOrganization = { accounts: "organization", organizationalUnits: [unit] };

describe("a name", () => {
  it.each([
    {
      spoil: { scope: { regions: ["eu-west-1", "us-est-1"] } },
      path: "$.scope.regions[1]",
      message: 'is not a region that this version knows; did you mean "us-east-1"?',
    },
    {
      spoil: routed({ topicArn: topicArn.replace("eu-west-1", "eu-wets-1") }),
      path: "$.notifications.routes[0].topicArn",
      message: 'is in eu-wets-1, which is not a region that this version knows; did you mean "eu-west-1"?',
    },
    {
      spoil: { notifications: { escalate: { afterDays: 3, topicArn: topicArn.replace("aws", "aws-cn") } } },
      path: "$.notifications.escalate.topicArn",
      message: "is in eu-west-1, whose ARNs begin with arn:aws:",
    },
    {
      spoil: { allowedUpstreams: [{ registry: "docker-hub", secretNames: ["docker-hub-*"] }] },
      path: "$.allowedUpstreams[0].secretNames[0]",
      message: "can never match: names of secrets for rules begin with ecr-pullthroughcache/",
    },
    {
      spoil: { allowedUpstreams: [{ registry: "docker-hub", secretNames: ["ecr-pulltroughcache/hub"] }] },
      path: "$.allowedUpstreams[0].secretNames[0]",
      message:
        'can never match: names of secrets for rules begin with ecr-pullthroughcache/; did you mean "ecr-pullthroughcache/hub"?',
    },
    {
      spoil: { allowedUpstreams: [{ registry: "docker-hub", secretNames: ["ecr-pullthroughcache/my hub"] }] },
      path: "$.allowedUpstreams[0].secretNames[0]",
      message: "can never match: names of secrets for rules begin with ecr-pullthroughcache/",
    },
    {
      spoil: { allowedUpstreams: [{ registry: "azure-container-registry", urls: ["contoso*.azurecr.oi"] }] },
      path: "$.allowedUpstreams[0].urls[0]",
      message: "can never match: hosts of azure-container-registry are *.azurecr.io",
    },
    {
      spoil: { allowedUpstreams: [{ registry: "quay", urls: ["quay.oi"] }] },
      path: "$.allowedUpstreams[0].urls[0]",
      message: 'can never match: hosts of quay are quay.io; did you mean "quay.io"?',
    },
    {
      spoil: {
        allowedUpstreams: [{ registry: "ecr", urls: ["111122223333.dkr.erc.eu-west-1.amazonaws.com"] }],
      },
      path: "$.allowedUpstreams[0].urls[0]",
      message: expect.stringContaining("can never match: hosts of ecr are *.dkr.ecr.*"),
    },
    {
      spoil: { changes: { allowedPrincipals: ["deploy.amazonaws.com", "arn:aws:imm::*:role/deploy"] } },
      path: "$.changes.allowedPrincipals[1]",
      message: "can never match: ARNs of principals look like arn:aws:iam::111122223333:role/deploy",
    },
    {
      spoil: {
        owners: [{ where: {}, name: "team-payments" }],
        ...routed({ where: { owners: ["team-*", "team-paymnets"] } }),
      },
      path: "$.notifications.routes[0].where.owners[1]",
      message: 'does not match any owner of the policy; did you mean "team-payments"?',
    },
    {
      spoil: {
        allowedUpstreams: [{ registry: "docker-hub" }],
        requiredRules: [{ prefix: "hub", registry: "dokcer-hub" }],
      },
      path: "$.requiredRules[0].registry",
      message: expect.stringMatching(/^is not known to this version.*; did you mean "docker-hub"\?$/),
    },
    {
      spoil: { checks: { "root-prefix": { severity: "hihg" } } },
      path: '$.checks["root-prefix"].severity',
      message: expect.stringMatching(/; did you mean "high"\?$/),
    },
    {
      spoil: { checks: { "root-prefx": { enabled: false } } },
      path: '$.checks["root-prefx"]',
      message: expect.stringMatching(/; did you mean "root-prefix"\?$/),
    },
    {
      spoil: { waivers: [{ ...waiver, check: "root-preifx" }] },
      path: "$.waivers[0].check",
      message: expect.stringMatching(/; did you mean "root-prefix"\?$/),
    },
    {
      spoil: routed({ where: { checks: ["rule-validaton"] } }),
      path: "$.notifications.routes[0].where.checks[0]",
      message: expect.stringMatching(/; did you mean "rule-validation"\?$/),
    },
  ])("is an error: $path", ({ spoil, path, message }) => {
    expect(lint(spoil)).toMatchObject([{ level: "error", path, message }]);
  });

  it.each([
    {
      what: "of a unit that the scope has otherwise",
      spoil: {
        scope: inOrganization,
        overrides: [{ where: { organizationalUnits: ["ou-ab12-34567809"] }, set }],
      },
      path: "$.overrides[0].where.organizationalUnits[0]",
      message: `is one character off ${unit} of $.scope.organizationalUnits[0]; did you mean "${unit}"?`,
    },
    {
      what: "of an account that occurs otherwise more often",
      spoil: {
        scope: { accounts: "organization" },
        waivers: [
          { ...waiver, accounts: ["111122223334"] },
          { ...waiver, accounts: ["111122223333"] },
          { ...waiver, check: "rule-*", accounts: ["111122223333"] },
        ],
      },
      path: "$.waivers[0].accounts[0]",
      message: expect.stringContaining("is one character off 111122223333 of $.waivers[1].accounts[0]"),
    },
  ])("is a warning if it is one character off that $what", ({ spoil, path, message }) => {
    expect(lint(spoil)).toMatchObject([{ rule: "near-miss", level: "warning", path, message }]);
  });

  it.each([
    { what: "that the scope lists", spoil: { scope: { accounts: ["111122223333", "111122223334"] } } },
    {
      what: "whose owners are accounts' addresses",
      spoil: {
        scope: { accounts: "organization" },
        owners: "account-email",
        ...routed({ where: { owners: ["*@example.com"] } }),
      },
    },
    {
      what: "of a host in full",
      spoil: { allowedUpstreams: [{ registry: "k8s", urls: ["https://registry.k8s.io/"] }] },
    },
    {
      what: "of an ECR registry",
      spoil: {
        allowedUpstreams: [
          { registry: "ecr", urls: ["111122223333.dkr.ecr.*", "*.dkr-ecr.eu-west-1.on.aws"] },
        ],
      },
    },
    { what: "of an unknown upstream's host", spoil: { requiredRules: [], checks: {} } },
    {
      what: "of secrets with wildcards",
      spoil: {
        allowedUpstreams: [
          { registry: "docker-hub", secretNames: ["*", "ecr-*hub", "ecr-pullthroughcache/?"] },
        ],
      },
    },
    {
      what: "of principals",
      spoil: { changes: { allowedPrincipals: ["*", "arn:aws:iam::*:role/a", "AWS Internal"] } },
    },
  ])("is right: $what", ({ spoil }) => {
    expect(lint(spoil)).toEqual([]);
  });
});

describe("a policy that never reminds", () => {
  it.each([
    ["by default, reminds", {}, []],
    ["and never notifies is meant", { when: "never", remindAfterDays: null }, []],
    ["is warned of", { remindAfterDays: null }, ["$.notifications.remindAfterDays"]],
  ])("%s", (_what, notifications, paths) => {
    const found = lint({ notifications });
    expect(found.map(({ path }) => path)).toEqual(paths);
    for (const { level } of found) expect(level).toBe("warning");
  });
});

it("is documented, each lint rule in the table", async () => {
  const document = await readFile(packageFile("docs/policy.md"), "utf8");
  for (const rule of lintRules) expect(document).toContain(`\`${rule}\``);
});
