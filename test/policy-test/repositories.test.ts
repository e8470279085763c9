import { describe, expect, it } from "vitest";
import { runCase } from "../../src/policy-test/run.ts";
import { aPolicy, NOW, type PolicyFile } from "../support/builders.ts";
import { aCase, aRegistryFile, type RegistryFile } from "./builders.ts";

const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000).toISOString();
const expiring = {
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: "any", countType: "sinceImagePushed", countUnit: "days", countNumber: 30 },
      action: { type: "expire" },
    },
  ],
};
const asMade = { name: "docker-hub/a", lifecyclePolicy: expiring, lastPulledAt: daysAgo(3) };
const template = { prefix: "ROOT", lifecyclePolicy: expiring };
const section = { unusedAfterDays: 90 } satisfies PolicyFile["cachedRepositories"];

/** What differs from a case in which only `failing` may fail. */
function run(
  registry: Partial<RegistryFile>,
  failing: Readonly<Record<string, readonly string[]>>,
  policy: Partial<PolicyFile> = { cachedRepositories: section },
) {
  const described = aRegistryFile({ creationTemplates: [template], ...registry });
  return runCase(aCase({ registry: described, failing }), aPolicy(policy), NOW).differences;
}

/** What a check says of the rule. */
function statusOf(check: string, registry: Partial<RegistryFile>) {
  const described = aRegistryFile({ creationTemplates: [template], ...registry });
  const expected = { "docker-hub": { [check]: "NOT_APPLICABLE" as const } };
  const { differences } = runCase(
    aCase({ registry: described, failing: undefined, expect: expected }),
    aPolicy({ cachedRepositories: section }),
    NOW,
  );
  return differences[0]?.got ?? "NOT_APPLICABLE";
}

describe("the repositories of a case", () => {
  it.each([
    { what: "is as its template made it", one: {}, failing: {} },
    { what: "has no lifecycle policy", one: { lifecyclePolicy: null }, failing: "cached-repositories" },
    { what: "has another encryption", one: { encryptionType: "KMS" }, failing: "cached-repositories" },
    { what: "is immutable", one: { imageTagMutability: "IMMUTABLE" }, failing: "cached-repositories" },
    {
      what: "lets everybody in",
      one: {
        repositoryPolicy: { Statement: { Effect: "Allow", Principal: "*", Action: "ecr:BatchGetImage" } },
      },
      failing: "cached-repositories",
    },
    { what: "was never pulled from", one: { lastPulledAt: null }, failing: "unused-cached-repositories" },
    {
      what: "was pulled from long ago",
      one: { lastPulledAt: daysAgo(100) },
      failing: "unused-cached-repositories",
    },
    {
      what: "is young and was never pulled from",
      one: { lastPulledAt: null, createdAt: daysAgo(5) },
      failing: {},
    },
  ])("fail where one $what as an audit would say", ({ one, failing }) => {
    const cachedRepositories = [
      { ...asMade, name: "docker-hub/b" },
      { ...asMade, ...one },
    ];
    expect(
      run({ cachedRepositories }, typeof failing === "string" ? { "docker-hub": [failing] } : failing),
    ).toEqual([]);
  });

  it("belong to rules that are gone, and to nobody else", () => {
    const cachedRepositories = [asMade, { ...asMade, name: "quay/a" }, { ...asMade, name: "own/a" }];
    expect(
      run({ cachedRepositories, formerPrefixes: ["quay"] }, { quay: ["orphaned-cached-repositories"] }),
    ).toEqual([]);
    expect(run({ cachedRepositories }, {})).toEqual([]);
  });

  it("are left out where the policy excludes them", () => {
    const cachedRepositories = [asMade, { name: "docker-hub/keep/me", lastPulledAt: null }];
    const exclude = { cachedRepositories: { ...section, exclude: ["docker-hub/keep/*"] } };
    expect(run({ cachedRepositories }, {}, exclude)).toEqual([]);
  });

  it("are UNKNOWN where a case describes none, or says nothing about pulls", () => {
    expect(statusOf("cached-repositories", {})).toBe("UNKNOWN");
    expect(statusOf("cached-repositories", { cachedRepositories: [] })).toBe("PASS");
    const { lastPulledAt: _, ...unsaid } = asMade;
    expect(statusOf("unused-cached-repositories", { cachedRepositories: [unsaid] })).toBe("UNKNOWN");
  });
});

describe("the pulls of a case", () => {
  const failure = { at: daysAgo(0.1), code: "UpstreamAccessDenied" };
  it.each([
    { what: "none was heard of", pulls: undefined, says: "NOT_APPLICABLE" },
    { what: "one succeeded", pulls: { lastSuccessAt: daysAgo(0.1) }, says: "PASS" },
    { what: "one failed", pulls: { failures: [failure] }, says: "FAIL" },
    {
      what: "one failed before another succeeded",
      pulls: { failures: [failure], lastSuccessAt: daysAgo(0.05) },
      says: "PASS",
    },
    {
      what: "one failed long ago",
      pulls: { failures: [{ ...failure, at: daysAgo(3) }] },
      says: "NOT_APPLICABLE",
    },
  ])("where $what: $says", ({ pulls, says }) => {
    expect(statusOf("failed-pulls", pulls === undefined ? {} : { pulls: { "docker-hub/": pulls } })).toBe(
      says,
    );
  });

  it("count as often as they failed", () => {
    const failedPulls = { failedPulls: { atLeast: 5 } };
    const failures = [
      { ...failure, times: 2 },
      { ...failure, at: daysAgo(0.3), times: 2 },
    ];
    expect(run({ pulls: { "docker-hub": { failures } } }, {}, failedPulls)).toEqual([]);
    const more = [...failures, failure];
    expect(
      run({ pulls: { "docker-hub": { failures: more } } }, { "docker-hub": ["failed-pulls"] }, failedPulls),
    ).toEqual([]);
  });
});
