import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Repository, World } from "../simulator/world.ts";
import { registry, repositoriesMadeBy, rule, template } from "../simulator/world-builder.ts";
import type { PolicyFile } from "../support/builders.ts";
import { answersOf, MEMBER, smallWorld } from "./support/organization.ts";
import { type Stage, setStage } from "./support/stage.ts";

const before = template("ROOT", { lifecyclePolicy: "", imageTagMutability: "IMMUTABLE" });
const { lifecyclePolicy: _none, ...bare } = before;
const now = template("ROOT", { updatedAt: "2026-09-01T00:00:00.000Z" });

/** Repositories from before the template had a lifecycle policy. */
const old = repositoriesMadeBy(bare, ["docker-hub/library/nginx", "docker-hub/library/redis"]);
/** Repositories from after it had one. */
const young = repositoriesMadeBy(now, ["docker-hub/library/alpine", "quay/argo/cd"]);
const own = repositoriesMadeBy(bare, ["payments/api", "docker-hub-fork/app"]);

function worldWith(repositories: readonly Repository[], parts: Partial<Pick<World, "faults">> = {}): World {
  const rules = [rule("docker-hub", "docker-hub"), rule("quay", "quay")];
  const inRegion = registry(rules, { templates: [now], repositories: [...repositories] });
  return smallWorld({ ...parts, member: { regions: { "us-east-1": inRegion } } });
}

const cachedRepositories = {} satisfies PolicyFile["cachedRepositories"];
const ofMember = { accounts: [MEMBER] } as const;

/** What the checks of repositories say, as `check prefix kind`, without what passes or does not apply. */
async function saidOf(stage: Stage, request = ofMember): Promise<readonly string[]> {
  const { findings } = await stage.audit(request);
  return findings
    .filter(({ check }) => check.endsWith("cached-repositories"))
    .filter(({ status }) => status === "FAIL" || status === "UNKNOWN")
    .map(({ check, prefix, kind, status }) => `${check} ${prefix} ${kind} ${status}`)
    .toSorted();
}

async function withStore(): Promise<{ AUDIT_STORE: string }> {
  const folder = await mkdtemp(join(tmpdir(), "cached-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return { AUDIT_STORE: folder };
}

afterEach(() => {
  vi.useRealTimers();
});

describe("repositories", () => {
  it("are not read without the section", async () => {
    await using stage = await setStage(worldWith([...old, ...young]));
    await stage.audit();
    for (const operation of [
      "DescribeRepositories",
      "GetLifecyclePolicy",
      "GetRepositoryPolicy",
      "GetMetricData",
      "DescribeImages",
    ]) {
      expect(stage.callsOf(operation)).toEqual([]);
    }
  });

  it("that the template did not reach are found, and those that it made later are not", async () => {
    await using stage = await setStage(worldWith([...old, ...young, ...own]), {
      policy: { cachedRepositories },
    });
    const report = await stage.audit(ofMember);
    const found = report.findings.filter(
      ({ check, status }) => check === "cached-repositories" && status === "FAIL",
    );
    expect(found.map(({ prefix, kind, data }) => ({ prefix, kind, data }))).toEqual(
      ["no-lifecycle-policy", "tag-mutability"].map((kind) => ({
        prefix: "docker-hub",
        kind,
        data: {
          sample: { failing: 2, lookedAt: 3, existing: 3, excluded: 0, names: old.map(({ name }) => name) },
        },
      })),
    );
    expect(found[0]?.message).toBe(
      "2 of 3 repositories under docker-hub have no lifecycle policy: docker-hub/library/nginx, docker-hub/library/redis.",
    );
    expect(answersOf(report, MEMBER, "cached-repositories")["quay"]).toBe("PASS");
    expect(stage.callsOf("GetLifecyclePolicy")).toHaveLength(old.length + young.length);
  });

  it("that the policy excludes are counted and not read", async () => {
    await using stage = await setStage(worldWith([...old, ...young]), {
      policy: { cachedRepositories: { exclude: ["docker-hub/library/nginx", "*/redis"] } },
    });
    expect(await saidOf(stage)).toEqual([]);
    expect(stage.callsOf("GetLifecyclePolicy")).toHaveLength(young.length);
  });

  it("are all looked at within as many nights as the budget needs, and until then nothing passes", async () => {
    const repositories = [...old, ...young, ...repositoriesMadeBy(now, ["quay/a", "quay/b"])];
    await using stage = await setStage(worldWith(repositories), {
      policy: { cachedRepositories: { maxRepositories: 2 } },
    });
    const read: string[] = [];
    for (const night of [0, 1, 2]) {
      vi.useFakeTimers({
        toFake: ["Date"],
        now: Date.parse("2026-11-20T02:00:00.000Z") + night * 86_400_000,
      });
      const before = stage.callsOf("GetLifecyclePolicy").length;
      const said = await saidOf(stage);
      expect(said).toContain("cached-repositories docker-hub not-all-read UNKNOWN");
      const asked = stage.callsOf("GetLifecyclePolicy").slice(before);
      expect(asked).toHaveLength(2);
      read.push(...asked.map(({ input }) => String(Object(input)["repositoryName"])));
    }
    expect(read.toSorted()).toEqual(repositories.map(({ name }) => name).toSorted());
  });

  it.each([
    { every: "day", days: 1 },
    { every: "seven days", days: 7 },
    { every: "hour", days: 1 / 24 },
  ])(
    "have all been looked at after as many audits as there are parts, with one every $every",
    async ({ days }) => {
      const names = Array.from({ length: 14 }, (_nothing, index) => `docker-hub/${index + 10}`);
      const environment = await withStore();
      await using stage = await setStage(worldWith(repositoriesMadeBy(now, names)), {
        policy: { cachedRepositories: { maxRepositories: 2 } },
        environment,
      });
      for (let audit = 0; audit < 7; audit += 1) {
        const at = Date.parse("2026-11-20T02:00:00.000Z") + audit * days * 86_400_000;
        vi.useFakeTimers({ toFake: ["Date"], now: at });
        await stage.audit();
      }
      const read = stage.callsOf("GetLifecyclePolicy").map(({ input }) => Object(input)["repositoryName"]);
      expect(read.toSorted()).toEqual(names);
    },
  );

  it("that were found in one night stay open in the nights in which others have their turn", async () => {
    const environment = await withStore();
    await using stage = await setStage(worldWith([...old, ...young]), {
      policy: { cachedRepositories: { maxRepositories: 2, orphans: "allow" } },
      environment,
    });
    const open = [];
    for (const night of [0, 1, 2, 3]) {
      vi.useFakeTimers({
        toFake: ["Date"],
        now: Date.parse("2026-11-20T02:00:00.000Z") + night * 86_400_000,
      });
      const { findings } = await stage.audit();
      open.push(
        findings.filter(({ check, status }) => check === "cached-repositories" && status === "FAIL").length,
      );
    }
    // From the first night on that sees them, whichever it is.
    expect(open.slice(1)).toEqual([2, 2, 2]);
  });

  it.each<{ left: string; leftOpen: readonly string[]; nights: readonly unknown[] }>([
    {
      left: "none lacks",
      leftOpen: [],
      nights: ["FAIL unchanged", "FAIL unchanged", "PASS resolved", undefined],
    },
    {
      left: "one still lacks",
      leftOpen: ["docker-hub/library/redis"],
      nights: ["FAIL unchanged", "FAIL unchanged", "FAIL unchanged", "FAIL unchanged"],
    },
  ])("stay open until all were read again, if $left something", async ({ leftOpen, nights }) => {
    const environment = await withStore();
    // With those, there are three parts by name, and the failing ones lie in two of them.
    const others = repositoriesMadeBy(now, ["quay/a", "quay/b"]);
    await using stage = await setStage(worldWith([...old, ...young, ...others]), {
      policy: { cachedRepositories: { maxRepositories: 2, orphans: "allow" } },
      environment,
    });
    const said: unknown[] = [];
    for (const night of [0, 1, 2, 3, 4, 5, 6]) {
      const at = Date.parse("2026-11-20T02:00:00.000Z") + night * 86_400_000;
      vi.useFakeTimers({ toFake: ["Date"], now: at });
      const member = stage.simulator.world.accounts[MEMBER]?.regions["us-east-1"];
      if (member === undefined) throw new Error("the member has a registry");
      // By then each part had its turn.
      if (night === 3) {
        const mended = old.map(({ name }) => name).filter((name) => !leftOpen.includes(name));
        const unmended = old.filter(({ name }) => leftOpen.includes(name));
        member.repositories = [...repositoriesMadeBy(now, mended), ...unmended, ...young, ...others];
      }
      const { findings } = await stage.audit();
      const failure = findings.find(
        ({ prefix, kind }) => prefix === "docker-hub" && kind === "no-lifecycle-policy",
      );
      said.push(failure && `${failure.status} ${failure.transition}`);
    }
    expect(said.slice(3)).toEqual(nights);
  });

  it.each([
    { operation: "DescribeRepositories", kinds: ["docker-hub", "quay"] },
    { operation: "GetLifecyclePolicy", kinds: ["docker-hub", "quay"] },
    { operation: "GetRepositoryPolicy", kinds: ["docker-hub", "quay"] },
  ])("are UNKNOWN and a gap where $operation is denied", async ({ operation, kinds }) => {
    const effect = { kind: "deny", by: "missing-permission" } as const;
    await using stage = await setStage(
      worldWith(young, { faults: [{ on: { operation, account: MEMBER }, effect }] }),
      {
        policy: { cachedRepositories },
      },
    );
    const report = await stage.audit(ofMember);
    expect(report.coverage.gaps).toMatchObject([{ operation: `ecr:${operation}`, reason: "access-denied" }]);
    const answers = answersOf(report, MEMBER, "cached-repositories");
    expect(answers).toEqual(Object.fromEntries(kinds.map((prefix) => [prefix, "UNKNOWN"])));
  });
});

it("are left out of audits that an event started, which say nothing about what is open", async () => {
  const environment = await withStore();
  await using stage = await setStage(worldWith(old), { policy: { cachedRepositories }, environment });
  await stage.audit();
  const read = stage.callsOf("DescribeRepositories").length;
  const report = await stage.audit({ trigger: "event", accounts: [MEMBER], prefixes: ["docker-hub"] });
  expect(report.findings.filter(({ check }) => check === "cached-repositories")).toEqual([]);
  expect(report.coverage.gaps).toEqual([]);
  expect(stage.callsOf("DescribeRepositories")).toHaveLength(read);
  const again = await stage.audit();
  const open = again.findings.filter(
    ({ check, status }) => check === "cached-repositories" && status === "FAIL",
  );
  expect(open.map(({ transition }) => transition)).toEqual(["unchanged", "unchanged"]);
});

it("that findings count are all listed beside the report, and the ledger says how many were looked at", async () => {
  const environment = await withStore();
  const many = repositoriesMadeBy(
    bare,
    Array.from({ length: 20_000 }, (_, index) => `docker-hub/team/${index}`),
  );
  await using stage = await setStage(worldWith([...many, ...young]), {
    policy: {
      cachedRepositories: { maxRepositories: 40, exclude: ["quay/*"] },
      scope: { accounts: [MEMBER], regions: ["us-east-1"] },
    },
    environment,
  });
  const { coverage, auditId } = await stage.audit();
  expect(coverage.repositories).toEqual({ lookedAt: 40, existing: 20_001, excluded: 1 });
  expect(stage.callsOf("DescribeRepositories")).toHaveLength(21);
  const day = `audits/${auditId.slice(0, 4)}/${auditId.slice(4, 6)}/${auditId.slice(6, 8)}`;
  const csv = await readFile(join(environment.AUDIT_STORE, day, auditId, "cached-repositories.csv"), "utf8");
  const [head, ...lines] = csv.trimEnd().split("\r\n");
  expect(head).toBe("account,region,prefix,repository,createdAt,problems,images,bytes");
  expect(lines).toHaveLength(40);
  expect(lines[0]).toMatch(
    /^"444455556666","us-east-1","docker-hub","docker-hub\/team\/\d+","2026-02-03T10:00:00.000Z","tag-mutability no-lifecycle-policy","",""$/,
  );
});

describe("repositories whose policy cannot be read", () => {
  const effect = { kind: "deny", by: "missing-permission" } as const;
  const denied = (operation: string, repository: string) => ({ on: { operation, repository }, effect });

  it("are UNKNOWN on their own, and the others are evaluated", async () => {
    const faults = [denied("GetLifecyclePolicy", "docker-hub/library/redis")];
    await using stage = await setStage(worldWith([...old, ...young], { faults }), {
      policy: { cachedRepositories },
    });
    const report = await stage.audit(ofMember);
    expect(await saidOf(stage)).toEqual([
      "cached-repositories docker-hub no-lifecycle-policy FAIL",
      "cached-repositories docker-hub policy-not-read UNKNOWN",
      "cached-repositories docker-hub tag-mutability FAIL",
    ]);
    const [unread] = report.findings.filter(({ kind }) => kind === "policy-not-read");
    expect(unread?.message).toMatch(
      /^ecr:GetLifecyclePolicy could not be read \(access-denied\) for 1 of 3 repositories under docker-hub: docker-hub\/library\/redis\. \S/,
    );
    expect(report.coverage.gaps).toMatchObject([
      { operation: "ecr:GetLifecyclePolicy", reason: "access-denied", prefixes: ["docker-hub"] },
    ]);
    expect(answersOf(report, MEMBER, "cached-repositories")["quay"]).toBe("PASS");
  });

  it("would pass, and are UNKNOWN instead", async () => {
    const faults = [denied("GetRepositoryPolicy", "quay/argo/cd")];
    await using stage = await setStage(worldWith(young, { faults }), { policy: { cachedRepositories } });
    expect(await saidOf(stage)).toEqual(["cached-repositories quay policy-not-read UNKNOWN"]);
  });

  it("keep open what was found of them", async () => {
    const environment = await withStore();
    await using stage = await setStage(worldWith(old), { policy: { cachedRepositories }, environment });
    await stage.audit();
    stage.simulator.world.faults.push(denied("GetLifecyclePolicy", "docker-hub/library/redis"));
    const member = stage.simulator.world.accounts[MEMBER]?.regions["us-east-1"];
    if (member === undefined) throw new Error("the member has a registry");
    member.repositories = repositoriesMadeBy(now, ["docker-hub/library/nginx", "docker-hub/library/redis"]);
    const { findings } = await stage.audit();
    const left = findings.filter(({ check, transition }) => check === "cached-repositories" && transition);
    const said = left.map(({ kind, status, stale, transition }) => ({ kind, status, stale, transition }));
    expect(said).toEqual([
      { kind: "no-lifecycle-policy", status: "FAIL", stale: true, transition: "unchanged" },
      // The policy that cannot be read hides nothing of this.
      { kind: "tag-mutability", status: "PASS", stale: false, transition: "resolved" },
    ]);
  });
});

describe("pulls from repositories", () => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  const policy = {
    cachedRepositories: { matchTemplate: false, unusedAfterDays: 90, orphans: "allow" },
  } as const;
  const aged = { createdAt: daysAgo(400) };
  const pulled = (name: string, ...days: readonly number[]) =>
    repositoriesMadeBy(now, [name], { ...aged, pulls: days.map(daysAgo) });
  const unpulled = (names: readonly string[], createdAt = aged.createdAt) =>
    repositoriesMadeBy(now, names, { createdAt });

  it("tell which are unused: not the young ones, and only where there is data", async () => {
    const repositories = [
      ...pulled("docker-hub/used", 3, 200),
      ...pulled("docker-hub/used-once", 200),
      ...unpulled(["docker-hub/never-used"]),
      ...unpulled(["docker-hub/new"], daysAgo(5)),
      ...unpulled(["quay/new"], daysAgo(5)),
    ];
    await using stage = await setStage(worldWith(repositories), { policy });
    const report = await stage.audit(ofMember);
    const [unused] = report.findings.filter(({ kind }) => kind === "unused");
    expect(unused).toMatchObject({
      prefix: "docker-hub",
      data: { days: 90, sample: { failing: 2, names: ["docker-hub/never-used", "docker-hub/used-once"] } },
    });
    expect(await saidOf(stage)).toEqual([
      "unused-cached-repositories docker-hub unused FAIL",
      "unused-cached-repositories quay too-young UNKNOWN",
    ]);
    for (const operation of ["GetLifecyclePolicy", "GetRepositoryPolicy"]) {
      expect(stage.callsOf(operation)).toEqual([]);
    }
  });

  it("are asked for 500 repositories at a time", async () => {
    const names = Array.from({ length: 999 }, (_, index) => `docker-hub/${index}`);
    await using stage = await setStage(worldWith([...pulled("docker-hub/used", 3), ...unpulled(names)]), {
      policy,
    });
    expect(await saidOf(stage)).toEqual(["unused-cached-repositories docker-hub unused FAIL"]);
    expect(
      stage.callsOf("GetMetricData").map(({ input }) => Object(input)["MetricDataQueries"].length),
    ).toEqual([500, 500]);
  });

  it("are not known where there is no data at all, or where they may not be read", async () => {
    await using stage = await setStage(worldWith(unpulled(["docker-hub/a"])), { policy });
    expect(await saidOf(stage)).toEqual(["unused-cached-repositories docker-hub use-not-known UNKNOWN"]);
    const effect = { kind: "deny", by: "missing-permission" } as const;
    stage.simulator.world.faults.push({ on: { operation: "GetMetricData", account: MEMBER }, effect });
    expect(await saidOf(stage)).toEqual([
      "unused-cached-repositories docker-hub evidence-unreadable UNKNOWN",
    ]);
    const { coverage } = await stage.audit(ofMember);
    expect(coverage.gaps).toMatchObject([{ operation: "cloudwatch:GetMetricData", reason: "access-denied" }]);
  });
});

describe("the share of the rule ROOT", () => {
  it("is UNKNOWN where repositories lack something, because somebody else may have made them", async () => {
    const world = smallWorld({
      member: {
        regions: {
          "us-east-1": registry([rule("ROOT", "docker-hub"), rule("quay", "quay")], {
            templates: [now],
            repositories: [...own, ...young],
          }),
        },
      },
    });
    await using stage = await setStage(world, {
      policy: { cachedRepositories, prefixes: { root: "allow" } },
    });
    expect(await saidOf(stage)).toEqual(["cached-repositories ROOT share-not-known UNKNOWN"]);
    const member = stage.simulator.world.accounts[MEMBER]?.regions["us-east-1"];
    if (member === undefined) throw new Error("the member has a registry");
    member.repositories = young;
    expect(await saidOf(stage)).toEqual([]);
  });
});

describe("repositories whose rule is gone", () => {
  it("are found as long as they are there, also in a registry without rules, and are known by memory alone", async () => {
    const environment = await withStore();
    await using stage = await setStage(worldWith([...old, ...young]), {
      policy: { cachedRepositories: { matchTemplate: false } },
      environment,
    });
    expect(await saidOf(stage)).toEqual([]);
    const member = stage.simulator.world.accounts[MEMBER]?.regions["us-east-1"];
    if (member === undefined) throw new Error("the member has a registry");
    member.rules = [];
    // The audit that misses the rules remembers them for the next one.
    await stage.audit();
    const orphaned = ["docker-hub", "quay"].map(
      (prefix) => `orphaned-cached-repositories ${prefix} orphaned FAIL`,
    );
    expect(await saidOf(stage)).toEqual(orphaned);
    expect(await saidOf(stage)).toEqual(orphaned);
    member.repositories = young.filter(({ name }) => name.startsWith("quay/"));
    expect(await saidOf(stage)).toEqual(orphaned.slice(1));
  });
});

describe("what repositories store", () => {
  const layer = "application/vnd.oci.image.manifest.v1+json";
  const index = "application/vnd.oci.image.index.v1+json";
  const images = [
    { sizeInBytes: 40_000_000_000, manifestMediaType: layer },
    { sizeInBytes: 2_600_000_000, manifestMediaType: layer },
    { sizeInBytes: 40_000_000_000, manifestMediaType: index },
  ];
  const measured = [
    ...repositoriesMadeBy(bare, ["docker-hub/library/nginx"], { images, pulls: [] }),
    ...repositoriesMadeBy(bare, ["docker-hub/library/redis"], {
      images,
      pulls: ["2026-11-19T10:00:00.000Z"],
    }),
  ];
  const asked = { cachedRepositories: { unusedAfterDays: 90, estimateStorage: true } };

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-11-20T02:00:00.000Z") });
  });

  it("is estimated where nobody pulls from them, and asked of no other", async () => {
    await using stage = await setStage(worldWith(measured), {
      policy: asked,
      environment: await withStore(),
    });
    const { findings } = await stage.audit(ofMember);
    const [unused] = findings.filter(({ kind }) => kind === "unused");
    expect(unused?.data).toMatchObject({
      storage: { repositories: 1, images: 2, bytes: 42_600_000_000, isWhole: true, dollarsPerMonth: 4.26 },
    });
    expect(unused?.message).toContain(
      " Estimate: its 2 images add up to 42.6 GB, which costs at most USD 4.26 a month (USD 0.10 per GB, list price of November 2026; shared layers cost once).",
    );
    expect(stage.callsOf("DescribeImages").map(({ input }) => input)).toEqual([
      { repositoryName: "docker-hub/library/nginx", maxResults: 1_000 },
    ]);
  });

  it("is estimated of what a rule left behind", async () => {
    await using stage = await setStage(worldWith(measured), {
      policy: asked,
      environment: await withStore(),
    });
    await stage.audit();
    const member = stage.simulator.world.accounts[MEMBER]?.regions["us-east-1"];
    if (member === undefined) throw new Error("the world has a member");
    member.rules = member.rules.filter(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix !== "docker-hub");
    await stage.audit();
    const { findings } = await stage.audit();
    const [orphaned] = findings.filter(({ kind }) => kind === "orphaned");
    expect(orphaned?.data).toMatchObject({ storage: { repositories: 2, images: 4, bytes: 85_200_000_000 } });
  });

  it("is not asked for unless the policy says so", async () => {
    await using stage = await setStage(worldWith(measured), {
      policy: { cachedRepositories: { unusedAfterDays: 90 } },
    });
    const { findings } = await stage.audit(ofMember);
    expect(findings.filter(({ kind }) => kind === "unused")).toHaveLength(1);
    expect(stage.callsOf("DescribeImages")).toEqual([]);
  });

  it("is a gap where it is denied, and what is unused is found all the same", async () => {
    const effect = { kind: "deny", by: "missing-permission" } as const;
    const faults = [{ on: { operation: "DescribeImages", account: MEMBER }, effect }];
    await using stage = await setStage(worldWith(measured, { faults }), { policy: asked });
    const { findings, coverage } = await stage.audit(ofMember);
    const [unused] = findings.filter(({ kind }) => kind === "unused");
    expect(unused?.message).not.toContain("Estimate");
    expect(coverage.gaps).toMatchObject([{ operation: "ecr:DescribeImages", reason: "access-denied" }]);
  });
});
