import { describe, expect, it } from "vitest";
import { type PlanItem, plan } from "../../../src/audit/plan/plan.ts";
import { type AuditRequest, wholeScope } from "../../../src/audit/plan/request.ts";
import {
  CannotStartError,
  type OrganizationAccount,
  RequestError,
  type Sources,
} from "../../../src/audit/ports.ts";
import { absent, present, unreadable } from "../../../src/facts/evidence.ts";
import { aClock, anAccount, aPolicy, NOW, type PolicyFile, sourcesOf } from "../../support/builders.ts";

type Plan = {
  readonly scope?: PolicyFile["scope"];
  readonly request?: Partial<AuditRequest>;
  readonly accounts?: readonly OrganizationAccount[];
  readonly sources?: Partial<Sources>;
};

/** Everything that is planned, in order. */
async function itemsOf({
  scope = {},
  request = {},
  accounts,
  sources = {},
}: Plan): Promise<readonly PlanItem[]> {
  const asked = { ...wholeScope("schedule"), ...request };
  const items: PlanItem[] = [];
  for await (const item of plan(aPolicy({ scope }).scope, asked, sourcesOf(accounts, sources), aClock())) {
    items.push(item);
  }
  return items;
}

/** Everything that is planned, each item in a few words. */
async function planned(input: Plan): Promise<readonly string[]> {
  return (await itemsOf(input)).map(inWords);
}

function inWords(item: PlanItem): string {
  switch (item.kind) {
    case "target":
      return `${item.target.account} ${item.target.region}`;
    case "excluded":
      return `${item.account.account} left out: ${item.account.reason}, ${item.account.detail}`;
    case "unreachable": {
      const { target, rules } = item.snapshot;
      return `${target.account} ${target.region} not seen: ${"reason" in rules ? rules.reason : rules.state}`;
    }
  }
}

const HUB = "111122223333";
const MEMBER = "444455556666";
const hub = anAccount({ id: HUB, organizationalUnits: ["r-ab12"] });
const member = anAccount({
  id: MEMBER,
  name: "sandbox",
  organizationalUnits: ["r-ab12", "ou-ab12-11111111", "ou-ab12-22222222"],
});
const accounts = [hub, member];
const ireland = ["eu-west-1"];

describe("the accounts of a scope", () => {
  it.each([
    { what: "by default the current one", scope: {}, planned: [`${HUB} eu-west-1`] },
    { what: "the current one", scope: { accounts: "current" }, planned: [`${HUB} eu-west-1`] },
    {
      what: "a list, each account once",
      scope: { accounts: [MEMBER, HUB, MEMBER] },
      planned: [`${MEMBER} eu-west-1`, `${HUB} eu-west-1`],
    },
    {
      what: "the organization",
      scope: { accounts: "organization" },
      planned: [`${HUB} eu-west-1`, `${MEMBER} eu-west-1`],
    },
    {
      what: "the organization except for excluded accounts, which are reported",
      scope: { accounts: "organization", excludeAccounts: [MEMBER, "999999999999"] },
      planned: [`${HUB} eu-west-1`, `${MEMBER} left out: excluded-by-policy, scope.excludeAccounts`],
    },
    {
      what: "a list but for those excluded",
      scope: { accounts: [HUB, MEMBER], excludeAccounts: [HUB] },
      planned: [`${HUB} left out: excluded-by-policy, scope.excludeAccounts`, `${MEMBER} eu-west-1`],
    },
    {
      what: "those right in an organizational unit",
      scope: { accounts: "organization", organizationalUnits: ["ou-ab12-22222222"] },
      planned: [`${MEMBER} eu-west-1`],
    },
    {
      what: "those at any depth below one",
      scope: { accounts: "organization", organizationalUnits: ["ou-ab12-11111111"] },
      planned: [`${MEMBER} eu-west-1`],
    },
    {
      what: "all those below the root",
      scope: { accounts: "organization", organizationalUnits: ["r-ab12"] },
      planned: [`${HUB} eu-west-1`, `${MEMBER} eu-west-1`],
    },
    {
      what: "those in one of several units",
      scope: { accounts: "organization", organizationalUnits: ["ou-ab12-99999999", "ou-ab12-22222222"] },
      planned: [`${MEMBER} eu-west-1`],
    },
  ] satisfies (Plan & { what: string; planned: string[] })[])(
    "are $what",
    async ({ scope, planned: wanted }) => {
      expect(await planned({ scope, accounts })).toEqual(wanted);
    },
  );

  it.each(["SUSPENDED", "CLOSED", "PENDING_ACTIVATION"])(
    "exclude one that is %s, and report it",
    async (state) => {
      const closed = anAccount({ id: MEMBER, state });
      expect(await planned({ scope: { accounts: "organization" }, accounts: [hub, closed] })).toEqual([
        `${HUB} eu-west-1`,
        `${MEMBER} left out: not-active, ${state}`,
      ]);
    },
  );

  it("include one that is being closed, which still works", async () => {
    const closing = anAccount({ id: MEMBER, state: "PENDING_CLOSURE" });
    expect(await planned({ scope: { accounts: "organization" }, accounts: [hub, closing] })).toEqual([
      `${HUB} eu-west-1`,
      `${MEMBER} eu-west-1`,
    ]);
  });

  describe.each([null, "HIBERNATING"])("count one whose state is %s as unknown", (state) => {
    const unknown = anAccount({ id: MEMBER, state });
    const inOrganization = { accounts: "organization" } as const;
    const ireland = ["eu-west-1", "eu-west-2"];

    it.each<{ what: string; input: Plan; regions: readonly string[] }>([
      { what: "the current region", input: { scope: inOrganization }, regions: ["eu-west-1"] },
      {
        what: "each region of the scope",
        input: { scope: { ...inOrganization, regions: ireland } },
        regions: ireland,
      },
      {
        what: "each requested region of the scope",
        input: { scope: { ...inOrganization, regions: ireland }, request: { regions: ["eu-west-2"] } },
        regions: ["eu-west-2"],
      },
      {
        what: "all of its enabled regions",
        input: { scope: { ...inOrganization, regions: "enabled" } },
        regions: ["*"],
      },
      {
        what: "the requested ones of its enabled regions",
        input: { scope: { ...inOrganization, regions: "enabled" }, request: { regions: ["eu-west-2"] } },
        regions: ["eu-west-2"],
      },
    ])("in $what", async ({ input, regions }) => {
      const items = await itemsOf({ ...input, accounts: [unknown] });
      expect(items.map(inWords)).toEqual(
        regions.map((region) => `${MEMBER} ${region} not seen: account-state-unknown`),
      );
    });

    it("unless the policy excludes it", async () => {
      const scope = { ...inOrganization, excludeAccounts: [MEMBER] };
      expect(await planned({ scope, accounts: [unknown] })).toEqual([
        `${MEMBER} left out: excluded-by-policy, scope.excludeAccounts`,
      ]);
    });
  });

  it("do not ask the organization when the scope does not speak of it", async () => {
    const listAccounts = () => {
      throw new Error("nobody may ask");
    };
    expect(await planned({ scope: { accounts: [MEMBER] }, sources: { listAccounts } })).toEqual([
      `${MEMBER} eu-west-1`,
    ]);
  });

  it("carry their name, organization and organizational units into the target", async () => {
    const items = await itemsOf({ scope: { accounts: "organization" }, accounts: [member] });
    expect(items).toEqual([
      {
        kind: "target",
        target: {
          account: MEMBER,
          accountName: "sandbox",
          organizationId: "o-exampleorgid",
          organizationalUnits: ["r-ab12", "ou-ab12-11111111", "ou-ab12-22222222"],
          region: "eu-west-1",
        },
      },
    ]);
  });

  it.each([
    [true, "payments@example.com"],
    [false, undefined],
  ])("carry their e-mail address only if it is wanted: %s", async (withEmails, email) => {
    const sources = sourcesOf([anAccount({ email: "payments@example.com" })]);
    const { scope } = aPolicy({ scope: { accounts: "organization", regions: ["eu-west-1"] } });
    for await (const item of plan(scope, wholeScope("cli"), sources, aClock(), { withEmails })) {
      expect(item.kind === "target" ? item.target.accountEmail : item.kind).toBe(email);
    }
    expect.assertions(1);
  });

  it("know neither name nor organization where the policy lists them", async () => {
    const [item] = await itemsOf({ scope: { accounts: [MEMBER] }, accounts: [member] });
    const unknown = { accountName: null, organizationId: null, organizationalUnits: [] };
    expect(item).toMatchObject({ target: { account: MEMBER, ...unknown } });
  });

  it.each([
    { why: "the organization has none in the units", units: ["ou-ab12-99999999"], listed: accounts },
    { why: "the organization has none at all", units: ["r-ab12"], listed: [] },
    {
      why: "their organizational units are unknown",
      units: ["r-ab12"],
      listed: [anAccount({ organizationalUnits: null })],
    },
  ])("cannot start if $why", async ({ units, listed }) => {
    const scope = { accounts: "organization", organizationalUnits: units } as const;
    await expect(planned({ scope, accounts: listed })).rejects.toThrow(CannotStartError);
  });

  it("need no organizational units where the scope names none", async () => {
    const listed = [anAccount({ organizationalUnits: null })];
    expect(await planned({ scope: { accounts: "organization" }, accounts: listed })).toEqual([
      `${HUB} eu-west-1`,
    ]);
  });

  it("cannot start if the organization cannot be listed", async () => {
    // biome-ignore lint/correctness/useYield: it fails before its first account
    const listAccounts = async function* () {
      throw new CannotStartError("AccessDeniedException");
    };
    const input = { scope: { accounts: "organization" }, sources: { listAccounts } } as const;
    await expect(planned(input)).rejects.toThrow("AccessDeniedException");
  });
});

describe("the regions of a scope", () => {
  it.each([
    { what: "by default the current one", scope: {}, planned: [`${HUB} eu-west-1`] },
    {
      what: "a list, each region once",
      scope: { regions: ["us-east-1", "eu-west-1", "us-east-1"] },
      planned: [`${HUB} us-east-1`, `${HUB} eu-west-1`],
    },
    {
      what: "whatever the account has enabled",
      scope: { regions: "enabled" },
      planned: [`${HUB} eu-west-1`, `${HUB} us-east-1`],
    },
  ] satisfies (Plan & { what: string; planned: string[] })[])(
    "are $what",
    async ({ scope, planned: wanted }) => {
      expect(await planned({ scope })).toEqual(wanted);
    },
  );

  it("are asked of each account on its own", async () => {
    const listEnabledRegions = async (account: string) => present(account === HUB ? ireland : ["us-east-1"]);
    const scope = { accounts: "organization", regions: "enabled" } as const;
    expect(await planned({ scope, accounts, sources: { listEnabledRegions } })).toEqual([
      `${HUB} eu-west-1`,
      `${MEMBER} us-east-1`,
    ]);
  });

  it.each([
    {
      what: "could not be read",
      enabled: unreadable("role-not-assumable", "sts:AssumeRole", "AccessDenied"),
      reason: "role-not-assumable",
    },
    { what: "are said not to be", enabled: absent, reason: "service-error" },
    { what: "are an empty list", enabled: present([]), reason: "service-error" },
  ])(
    "leave a gap for all regions when they $what, and the other accounts go on",
    async ({ enabled, reason }) => {
      const listEnabledRegions = async (account: string) => (account === HUB ? enabled : present(ireland));
      const input = { scope: { accounts: "organization", regions: "enabled" }, accounts } as const;
      expect(await planned({ ...input, sources: { listEnabledRegions } })).toEqual([
        `${HUB} * not seen: ${reason}`,
        `${MEMBER} eu-west-1`,
      ]);
    },
  );

  it("leave a gap that says what went wrong, and when", async () => {
    const evidence = unreadable("throttled", "account:ListRegions", "TooManyRequestsException");
    const items = await itemsOf({
      scope: { regions: "enabled" },
      sources: { listEnabledRegions: async () => evidence },
    });
    expect(items).toMatchObject([{ snapshot: { collectedAt: NOW.toISOString(), rules: evidence } }]);
  });
});

describe("a request", () => {
  const scope = { accounts: "organization", regions: ["eu-west-1", "us-east-1"] } as const;
  const enabled = { accounts: "organization", regions: "enabled" } as const;

  it.each([
    {
      what: "one account",
      request: { accounts: [MEMBER] },
      planned: [`${MEMBER} eu-west-1`, `${MEMBER} us-east-1`],
    },
    {
      what: "one region",
      request: { regions: ["us-east-1"] },
      planned: [`${HUB} us-east-1`, `${MEMBER} us-east-1`],
    },
    {
      what: "one account and one region",
      request: { accounts: [HUB], regions: ["eu-west-1"] },
      planned: [`${HUB} eu-west-1`],
    },
    { what: "no account", request: { accounts: [] }, planned: [] },
  ])("narrows the scope to $what", async ({ request, planned: wanted }) => {
    expect(await planned({ scope, accounts, request })).toEqual(wanted);
  });

  it("narrows the enabled regions, and reports a region that is not enabled", async () => {
    const request = { accounts: [HUB], regions: ["us-east-1", "ap-south-2"] };
    expect(await planned({ scope: enabled, accounts, request })).toEqual([
      `${HUB} us-east-1`,
      `${HUB} ap-south-2 not seen: region-disabled`,
    ]);
  });

  it("names the regions that are unreachable if the enabled ones could not be listed", async () => {
    const listEnabledRegions = async () => unreadable("timeout", "account:ListRegions", "");
    const request = { accounts: [HUB], regions: ["us-east-1", "eu-west-1"] };
    expect(await planned({ scope: enabled, accounts, request, sources: { listEnabledRegions } })).toEqual([
      `${HUB} us-east-1 not seen: timeout`,
      `${HUB} eu-west-1 not seen: timeout`,
    ]);
  });

  it("reports an account that the scope excludes", async () => {
    const leavingOut = { ...scope, excludeAccounts: [MEMBER] };
    expect(await planned({ scope: leavingOut, accounts, request: { accounts: [MEMBER] } })).toEqual([
      `${MEMBER} left out: excluded-by-policy, scope.excludeAccounts`,
    ]);
  });

  it.each(["schedule", "console", "cli"] as const)(
    "by %s for what is outside the scope is refused, with every problem",
    async (trigger) => {
      const ask = (request: Partial<AuditRequest>) =>
        planned({ scope, accounts, request: { trigger, ...request } });
      await expect(ask({ accounts: ["777777777777", HUB, "888888888888"] })).rejects.toMatchObject({
        name: RequestError.name,
        problems: [
          "account 777777777777 is outside the policy's scope",
          "account 888888888888 is outside the policy's scope",
        ],
      });
      await expect(ask({ regions: ["us-east-1", "ap-south-2", "sa-east-1"] })).rejects.toMatchObject({
        name: RequestError.name,
        problems: [
          "region ap-south-2 is outside the policy's scope",
          "region sa-east-1 is outside the policy's scope",
        ],
      });
    },
  );

  it("is held against the current region where the scope names none", async () => {
    await expect(planned({ request: { regions: ["us-east-1"] } })).rejects.toThrow(RequestError);
    expect(await planned({ request: { regions: ["eu-west-1"] } })).toEqual([`${HUB} eu-west-1`]);
  });

  it("for an account in another organizational unit is refused", async () => {
    const units = { ...scope, organizationalUnits: ["ou-ab12-22222222"] };
    await expect(planned({ scope: units, accounts, request: { accounts: [HUB] } })).rejects.toThrow(
      RequestError,
    );
  });

  it.each([
    { what: "account", request: { accounts: ["777777777777"], regions: ["eu-west-1"] } },
    { what: "region", request: { accounts: [HUB], regions: ["ap-south-2"] } },
  ])(
    "by an event from an $what outside the scope plans nothing, because no user is there to fix it",
    async ({ request }) => {
      expect(await planned({ scope, accounts, request: { trigger: "event", ...request } })).toEqual([]);
    },
  );
});

describe("the plan", () => {
  it("goes on page by page: it does not wait for all accounts before the first registry", async () => {
    const nextPage = Promise.withResolvers<void>();
    const listAccounts = async function* () {
      yield hub;
      await nextPage.promise;
      yield member;
    };
    const scope = aPolicy({ scope: { accounts: "organization" } }).scope;
    const items = plan(scope, wholeScope("schedule"), sourcesOf([], { listAccounts }), aClock());
    const first = await items.next();
    expect(first.value).toMatchObject({ kind: "target", target: { account: HUB } });
    nextPage.resolve();
    const second = await items.next();
    expect(second.value).toMatchObject({ kind: "target", target: { account: MEMBER } });
  });

  it("asks for the regions of several accounts at once, and waits for none with the others", async () => {
    const slow = Promise.withResolvers<void>();
    const listEnabledRegions = async (account: string) => {
      if (account === HUB) await slow.promise;
      return present(ireland);
    };
    const scope = aPolicy({ scope: { accounts: "organization", regions: "enabled" } }).scope;
    const sources = sourcesOf(accounts, { listEnabledRegions });
    const items = plan(scope, wholeScope("schedule"), sources, aClock());
    expect((await items.next()).value).toMatchObject({ target: { account: MEMBER } });
    slow.resolve();
    expect((await items.next()).value).toMatchObject({ target: { account: HUB } });
  });
});

describe("a request for several events", () => {
  it.each(["enabled", ["eu-west-1", "us-east-1"]] as const)(
    "plans the registries that they name and no others: regions %j",
    async (regions) => {
      const request = {
        trigger: "event",
        accounts: [HUB, MEMBER],
        regions: ["eu-west-1", "us-east-1"],
        registries: [`${HUB}/eu-west-1`, `${MEMBER}/us-east-1`],
      } as const;
      const scope = {
        accounts: "organization",
        regions: typeof regions === "string" ? regions : [...regions],
      } as const;
      expect((await planned({ accounts: [hub, member], scope, request })).toSorted()).toEqual([
        `${HUB} eu-west-1`,
        `${MEMBER} us-east-1`,
      ]);
    },
  );

  it("names the accounts whose regions could not be listed", async () => {
    const request = { trigger: "event", accounts: [HUB], registries: [`${HUB}/eu-west-1`] } as const;
    const denied = unreadable("access-denied", "account:ListRegions", "no");
    const sources = { listEnabledRegions: async () => denied };
    const scope = { accounts: "organization", regions: "enabled" } as const;
    expect(await planned({ accounts: [hub], scope, request, sources })).toEqual([
      `${HUB} * not seen: access-denied`,
    ]);
  });
});
