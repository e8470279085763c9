import { advice } from "../../core/advice.ts";
import { aws } from "../../ecr/commands.ts";
import { namesOf, type Sample } from "../cached-repositories/sample.ts";
import { type Storage, storageText } from "../cached-repositories/storage.ts";
import type { CheckText } from "../verdict.ts";

export type OrphanedCachedRepositoriesKinds = {
  orphaned: { sample: Sample; storage?: Storage };
};

export const orphanedCachedRepositoriesText: CheckText<OrphanedCachedRepositoriesKinds> = {
  title: "Orphaned cached repositories",
  failsWhen: "repositories outlive the rule that filled them, as an earlier audit saw it",
  kinds: {
    orphaned: {
      title: "Repositories outlive their rule",
      message: ({ sample, storage }, { prefix }) =>
        `The rule ${prefix} is gone, but ${sample.existing} of its repositories ${sample.existing === 1 ? "is" : "are"} still there and ${sample.existing === 1 ? "is" : "are"} no longer refreshed: ${namesOf(sample)}${storageText(storage, sample.existing)}`,
      remediation: ({ sample }, ref) =>
        advice`In account ${ref.account}, find out whether anybody still pulls from each repository: ${aws("ecr describe-images", ref, { "repository-name": sample.names[0] ?? "REPOSITORY" })}; then delete those that are not needed, create the rule again, or list what is to stay in cachedRepositories.exclude.`,
    },
  },
};
