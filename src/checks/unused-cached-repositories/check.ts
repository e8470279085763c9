import { ROOT_PREFIX } from "../../ecr/rule.ts";
import { sampleOf, shareOf } from "../cached-repositories/sample.ts";
import { storageOf } from "../cached-repositories/storage.ts";
import { defineRuleCheck } from "../define-check.ts";
import { pass, unknownBecause, type Verdict } from "../verdict.ts";
import { unusedCachedRepositoriesRemediation } from "./remediation.ts";
import { type UnusedCachedRepositoriesKinds, unusedCachedRepositoriesText } from "./text.ts";
import { openUse, withoutDataOf } from "./use.ts";

/** Fails if nobody pulled from repositories under the prefix for as long as the policy says. */
export const unusedCachedRepositories = defineRuleCheck({
  id: "unused-cached-repositories",
  severity: "low",
  text: unusedCachedRepositoriesText,
  remediation: unusedCachedRepositoriesRemediation,
  predictable: false,
  facts: ({ cachedRepositories: section }) => [
    "cachedRepositories",
    "repositoryPulls",
    ...(section?.estimateStorage === true ? (["repositorySizes"] as const) : []),
  ],
  isDemanded: ({ cachedRepositories }) => cachedRepositories?.unusedAfterDays !== undefined,
  evaluate: ({ rule: { ecrRepositoryPrefix: prefix }, registry, policy }) => {
    const { cachedRepositories: cached, repositoryPulls: pulls } = registry;
    const { unusedAfterDays: days = 0 } = policy.cachedRepositories ?? {};
    if (cached.state === "unreadable") return unknownBecause(cached);
    if (cached.state === "absent") return pass;
    const share = shareOf(prefix, cached.value, policy);
    if (share.existing === 0) return pass;
    if (pulls.state === "unreadable") return unknownBecause(pulls);
    const byUse = Map.groupBy(share.repositories, openUse(registry, policy));
    const unused = byUse.get("unused") ?? [];
    const ofUnused = {
      days,
      sample: { ...sampleOf(unused, share), withoutData: withoutDataOf(unused, registry) },
      ...storageOf(unused, registry),
    };
    const dataOf = (use: "not-known" | "too-young") => ({
      days,
      sample: sampleOf(byUse.get(use) ?? [], share),
    });
    const isYoung = byUse.get("too-young")?.length === share.existing;
    const verdicts: (Verdict<UnusedCachedRepositoriesKinds> | false)[] = [
      unused.length > 0 &&
        (prefix === ROOT_PREFIX
          ? { status: "UNKNOWN", kind: "share-not-known", subject: "share", data: ofUnused }
          : { status: "FAIL", kind: "unused", data: ofUnused }),
      byUse.has("not-known") && {
        status: "UNKNOWN",
        kind: "use-not-known",
        subject: "use",
        data: dataOf("not-known"),
      },
      isYoung && { status: "UNKNOWN", kind: "too-young", subject: "age", data: dataOf("too-young") },
      share.repositories.length < share.existing && {
        status: "UNKNOWN",
        kind: "not-all-read",
        subject: "read",
        data: { days, sample: sampleOf([], share) },
      },
    ];
    const said = verdicts.filter((verdict) => verdict !== false);
    return said.length > 0 ? said : pass;
  },
});
