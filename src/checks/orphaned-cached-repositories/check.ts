import { sampleOf, shareOf } from "../cached-repositories/sample.ts";
import { storageOf } from "../cached-repositories/storage.ts";
import { defineRegistryCheck } from "../define-check.ts";
import { notDemanded, pass, unknownBecause } from "../verdict.ts";
import { orphanedCachedRepositoriesRemediation } from "./remediation.ts";
import { orphanedCachedRepositoriesText } from "./text.ts";

/** Fails if repositories outlive the rule that filled them, which an earlier audit saw. */
export const orphanedCachedRepositories = defineRegistryCheck({
  id: "orphaned-cached-repositories",
  severity: "medium",
  text: orphanedCachedRepositoriesText,
  remediation: orphanedCachedRepositoriesRemediation,
  predictable: false,
  facts: ({ cachedRepositories: section }) =>
    section?.estimateStorage === true ? ["cachedRepositories", "repositorySizes"] : ["cachedRepositories"],
  isDemanded: ({ cachedRepositories: section }) => section !== undefined && section.orphans !== "allow",
  evaluate: ({ rules, registry, policy }) => {
    const { cachedRepositories: cached } = registry;
    if (cached.state === "unreadable") {
      // Audits read nothing but the rules from a registry that never had one.
      return rules.length === 0 && cached.reason === "not-collected" ? notDemanded : unknownBecause(cached);
    }
    if (cached.state === "absent") return pass;
    const orphaned = cached.value.prefixes.flatMap(({ prefix, isFormer }) => {
      const share = shareOf(prefix, cached.value, policy);
      if (!isFormer || share.existing === 0) return [];
      const sample = { ...sampleOf(share.repositories, share), failing: share.existing };
      return [
        {
          status: "FAIL",
          kind: "orphaned",
          prefix,
          data: { sample, ...storageOf(share.repositories, registry) },
        } as const,
      ];
    });
    return orphaned.length > 0 ? orphaned : pass;
  },
});
