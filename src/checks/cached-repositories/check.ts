import { keysOf } from "../../core/records.ts";
import { ROOT_PREFIX } from "../../ecr/rule.ts";
import type { CachedRepository } from "../../facts/cached-repositories.ts";
import type { Unreadable } from "../../facts/evidence.ts";
import type { FactName } from "../../facts/index.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import type { Policy } from "../../policy/schema.ts";
import { defineRuleCheck, type RuleContext } from "../define-check.ts";
import { pass, unknownBecause, type Verdict } from "../verdict.ts";
import { demandsOf, openJudge, type Problem, problems } from "./judge.ts";
import { cachedRepositoriesRemediation } from "./remediation.ts";
import { type Share, sampleOf, shareOf } from "./sample.ts";
import { type CachedRepositoriesKinds, cachedRepositoriesText } from "./text.ts";

/** Fails if repositories under the prefix lack what their template or the policy gives. */
export const cachedRepositories = defineRuleCheck({
  id: "cached-repositories",
  severity: "medium",
  text: cachedRepositoriesText,
  remediation: cachedRepositoriesRemediation,
  predictable: false,
  facts: factsUnder,
  isDemanded: ({ cachedRepositories: section }) => section !== undefined,
  evaluate: (context) => {
    const { rule, registry, policy } = context;
    const { cachedRepositories: cached } = registry;
    if (cached.state === "unreadable") return unknownBecause(cached);
    if (cached.state === "absent") return pass;
    const share = shareOf(rule.ecrRepositoryPrefix, cached.value, policy);
    const judge = openJudge(registry, policy);
    const found = new Map<Problem, CachedRepository[]>();
    for (const repository of share.repositories) {
      for (const problem of judge(repository)) {
        const before = found.get(problem);
        if (before === undefined) found.set(problem, [repository]);
        else before.push(repository);
      }
    }
    const told = keysOf(problems).flatMap((kind) => {
      const repositories = found.get(kind);
      // Each reason for which a policy was not read is told on its own, below.
      return repositories === undefined || kind === "policy-not-read" ? [] : [{ kind, repositories }];
    });
    const isRoot = rule.ecrRepositoryPrefix === ROOT_PREFIX;
    const failing = told.filter(({ kind }) => problems[kind] === "FAIL");
    const verdicts: readonly Verdict<CachedRepositoriesKinds>[] = [
      ...(isRoot
        ? rootVerdicts(failing.flatMap(({ repositories }) => repositories))
        : failing.map(verdictOf)),
      ...told.filter(({ kind }) => problems[kind] === "UNKNOWN").map(verdictOf),
      ...notReadIn(share, registry),
      // The failures of an earlier turn stay open: this audit did not see their repositories.
      ...(share.repositories.length < share.existing
        ? [
            {
              status: "UNKNOWN",
              kind: "not-all-read",
              subject: "",
              data: { sample: sampleOf([], share) },
            } as const,
          ]
        : []),
      ...(share.repositories.length === 0 ? [] : unreadIn(context)),
    ];
    return verdicts.length > 0 ? verdicts : pass;

    function verdictOf({ kind, repositories }: (typeof told)[number]) {
      const data = { sample: sampleOf(repositories, share) };
      return { status: problems[kind], kind, subject: kind, data };
    }

    function rootVerdicts(repositories: readonly CachedRepository[]) {
      if (repositories.length === 0) return [];
      const sample = sampleOf([...new Set(repositories)], share);
      return [{ status: "UNKNOWN", kind: "share-not-known", subject: "share", data: { sample } }] as const;
    }
  },
});

function factsUnder(policy: Policy): readonly FactName[] {
  const { matchTemplate, readsLifecycles, readsPolicies, readsScanning } = demandsOf(policy);
  return [
    "cachedRepositories",
    ...(matchTemplate ? (["creationTemplates"] as const) : []),
    ...(readsScanning ? (["scanning"] as const) : []),
    ...(readsLifecycles ? (["cachedLifecyclePolicies"] as const) : []),
    ...(readsPolicies ? (["cachedRepositoryPolicies"] as const) : []),
  ];
}

/** The policies of single repositories that could not be read: one verdict for each operation and reason. */
function notReadIn(share: Share, registry: RegistrySnapshot): readonly Verdict<CachedRepositoriesKinds>[] {
  const evidence = [registry.cachedLifecyclePolicies, registry.cachedRepositoryPolicies];
  return evidence.flatMap((texts) => {
    if (texts.state !== "present") return [];
    return texts.value.unread.flatMap(({ repositories: names, operation, reason, detail }) => {
      const repositories = share.repositories.filter(({ name }) => names.includes(name));
      if (repositories.length === 0) return [];
      const data = { sample: sampleOf(repositories, share), operation, reason, detail };
      return [
        { status: "UNKNOWN", kind: "policy-not-read", subject: `${operation} ${reason}`, data } as const,
      ];
    });
  });
}

/** What could not be read of what the policy asks for. */
function unreadIn({ registry, policy }: RuleContext) {
  const unread = factsUnder(policy).flatMap((fact): readonly Unreadable[] => {
    const evidence = registry[fact];
    return "operation" in evidence && typeof evidence.operation === "string" && isUnreadable(evidence)
      ? [evidence]
      : [];
  });
  return unread.map((evidence) => ({ ...unknownBecause(evidence), subject: evidence.operation }));
}

function isUnreadable(evidence: object): evidence is Unreadable {
  return "state" in evidence && evidence.state === "unreadable";
}
