import { setImmediate as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { AuditProgress } from "../../src/audit/collect/progress.ts";
import type { EvaluateScopeOptions } from "../../src/audit/options.ts";
import { type AuditRequest, wholeScope } from "../../src/audit/plan/request.ts";
import type { Sources } from "../../src/audit/ports.ts";
import { evaluateScope } from "../../src/audit/run.ts";
import type { Target } from "../../src/ecr/target.ts";
import { present, unreadable } from "../../src/facts/evidence.ts";
import type { Validation } from "../../src/facts/snapshot.ts";
import { aClock, anAccount, aPolicy, aReader, aRule, sourcesOf, valid } from "../support/builders.ts";

const HUB = "111122223333";
const MEMBER = "444455556666";
const CLOSED = "777788889999";
const accounts = [
  anAccount({ id: HUB }),
  anAccount({ id: MEMBER }),
  anAccount({ id: CLOSED, state: "SUSPENDED" }),
];
const twoRegions = aPolicy({ scope: { accounts: "organization", regions: ["eu-west-1", "us-east-1"] } });
const denied = unreadable("denied-by-scp", "ecr:DescribePullThroughCacheRules", "explicit deny");
const dead = present<Validation>({ outcome: "invalid", failure: "the token has expired" });

type Asked = {
  readonly request?: Partial<AuditRequest>;
  readonly sources?: Partial<Sources>;
  readonly options?: Partial<EvaluateScopeOptions>;
};

function evaluated({ request = {}, sources = {}, options = {} }: Asked = {}) {
  return evaluateScope(
    { ...wholeScope("schedule"), ...request },
    twoRegions,
    sourcesOf(accounts, sources),
    aClock(),
    {
      callsPerRegistry: 2,
      confirmAfterMs: 5_000,
      includePassing: false,
      onProgress: () => undefined,
      ...options,
    },
  );
}

describe("an audit", () => {
  it("accounts for every registry and every account of its scope", async () => {
    const openRegistry = ({ region }: Target) =>
      region === "us-east-1" ? aReader({ listRules: async () => denied }) : aReader();
    const { coverage, rules } = await evaluated({ sources: { openRegistry } });
    expect(coverage).toMatchObject({ planned: 4, audited: 2, partial: 0, unreachable: 2, excluded: 1 });
    expect(coverage.gaps.map(({ account, region, reason }) => `${account} ${region} ${reason}`)).toEqual([
      `${HUB} us-east-1 denied-by-scp`,
      `${MEMBER} us-east-1 denied-by-scp`,
    ]);
    expect(rules).toBe(2);
  });

  it("evaluates each registry with every check, and reports what fails where", async () => {
    const openRegistry = ({ account }: Target) =>
      account === MEMBER ? aReader({ validateRule: async () => dead }) : aReader();
    const { findings, counts } = await evaluated({ sources: { openRegistry } });
    const places = findings.map(({ account, region, check }) => `${account} ${region} ${check}`);
    // The rule's secret is in the hub's eu-west-1: no other registry can use it.
    expect(places.toSorted()).toEqual([
      `${HUB} us-east-1 upstream-credentials`,
      `${MEMBER} eu-west-1 rule-validation`,
      `${MEMBER} eu-west-1 upstream-credentials`,
      `${MEMBER} us-east-1 rule-validation`,
      `${MEMBER} us-east-1 upstream-credentials`,
    ]);
    expect(counts).toMatchObject({ FAIL: 5, UNKNOWN: 0 });
  });

  it("that is narrowed reads, validates and evaluates nothing else", async () => {
    const opened: string[] = [];
    const validated: string[] = [];
    const openRegistry = ({ account, region }: Target) => {
      opened.push(`${account} ${region}`);
      return aReader({
        listRules: async () =>
          present([aRule(), aRule({ ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io" })]),
        validateRule: async (prefix) => {
          validated.push(prefix);
          return present(valid);
        },
      });
    };
    const request = { accounts: [MEMBER], regions: ["us-east-1"], prefixes: ["quay"] };
    const { rules, findings } = await evaluated({
      request,
      sources: { openRegistry },
      options: { includePassing: true },
    });
    expect(opened).toEqual([`${MEMBER} us-east-1`]);
    expect(validated).toEqual(["quay"]);
    expect(rules).toBe(1);
    expect([...new Set(findings.map(({ prefix }) => prefix))]).toEqual(["quay"]);
  });

  it("starts a registry only when a call could be sent, but does not wait for unreachable ones", async () => {
    const { promise: room, resolve: makeRoom } = Promise.withResolvers<void>();
    const opened: string[] = [];
    const sources = {
      room: () => room,
      openRegistry: ({ account }: Target) => {
        opened.push(account);
        return aReader();
      },
    };
    const evaluation = evaluated({ sources });
    await pause();
    expect(opened).toEqual([]);
    makeRoom();
    expect((await evaluation).coverage).toMatchObject({ planned: 4, audited: 4 });
    expect(opened).toHaveLength(4);
  });

  it("reports its progress, and in the end that everything is read", async () => {
    const delivered: AuditProgress[] = [];
    await evaluated({ options: { onProgress: (progress) => delivered.push(progress) } });
    expect(delivered.at(-1)).toEqual({
      planned: 4,
      isPlanned: true,
      read: 4,
      accounts: 2,
      gaps: 0,
      calls: { sent: 0, throttled: 0 },
    });
    for (const { planned, read } of delivered) expect(read).toBeLessThanOrEqual(planned);
    const known = delivered.filter(({ isPlanned }) => isPlanned).map(({ planned }) => planned);
    expect(new Set(known)).toEqual(new Set([4]));
  });

  it("reports gaps and calls in its progress", async () => {
    const delivered: AuditProgress[] = [];
    let sent = 0;
    const sources: Partial<Sources> = {
      openRegistry: () => aReader({ listRules: async () => denied }),
      calls: () => {
        sent += 1;
        return { sent, throttled: 1 };
      },
    };
    await evaluated({ sources, options: { onProgress: (progress) => delivered.push(progress) } });
    expect(delivered.at(-1)).toMatchObject({ gaps: 4, calls: { sent: delivered.length, throttled: 1 } });
  });

  it("throws what is wrong with the request", async () => {
    await expect(evaluated({ request: { accounts: ["999999999999"] } })).rejects.toThrow(
      "account 999999999999 is outside the policy's scope",
    );
  });
});
