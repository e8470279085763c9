import { advice } from "../../core/advice.ts";
import { aws } from "../../ecr/commands.ts";
import { namesOf, type Sample, sentenceOf } from "../cached-repositories/sample.ts";
import { type Storage, storageText } from "../cached-repositories/storage.ts";
import type { CheckText } from "../verdict.ts";

type Unused = { days: number; sample: Sample };
/** With how many of the failing repositories CloudWatch has no data of. */
type Inferred = { days: number; sample: Sample & { readonly withoutData: number }; storage?: Storage };

export type UnusedCachedRepositoriesKinds = {
  unused: Inferred;
  "use-not-known": Unused;
  "too-young": Unused;
  "share-not-known": Inferred;
  "not-all-read": Unused;
};

/** What it rests on that nobody pulled. */
function basisOf({ withoutData, failing }: Inferred["sample"]): string {
  if (withoutData === 0) return "";
  const ofThese = withoutData === failing ? "these" : `${withoutData} of them`;
  return ` CloudWatch has no data of ${ofThese}, but has data of other repositories of the registry.`;
}

export const unusedCachedRepositoriesText: CheckText<UnusedCachedRepositoriesKinds> = {
  title: "Unused cached repositories",
  failsWhen: "nobody pulled from repositories under the prefix for `unusedAfterDays`",
  kinds: {
    unused: {
      title: "Repositories are not used",
      message: ({ sample, days, storage }, { prefix }) =>
        `${sentenceOf(sample, prefix, ["were", `not pulled from for ${days} days`])}: ${namesOf(sample)}${basisOf(sample)}${storageText(storage, sample.failing)}`,
      remediation: ({ sample }, ref) =>
        advice`In account ${ref.account}, give the repositories a lifecycle policy that expires their images, or delete those that nobody needs; cached-repositories.csv lists them beside the report. This command lists the images of a repository: ${aws("ecr describe-images", ref, { "repository-name": sample.names[0] ?? "REPOSITORY" })}`,
    },
    "use-not-known": {
      title: "Use of repositories is unknown",
      message: ({ sample, days }, { prefix }) =>
        `CloudWatch has no data that tells whether ${sentenceOf(sample, prefix, ["were", `pulled from within ${days} days`])}: ${namesOf(sample)}`,
      remediation: (_data, ref) =>
        advice`In account ${ref.account}, check that ECR publishes the metric RepositoryPullCount: ${aws("cloudwatch list-metrics", ref, { namespace: "AWS/ECR", "metric-name": "RepositoryPullCount" })}`,
    },
    "too-young": {
      title: "Repositories are too young to tell whether they are used",
      message: ({ sample, days }, { prefix }) =>
        `All ${sample.failing} repositories under ${prefix} are younger than ${days} days.`,
      remediation: () => "No action needed. The check can tell when the repositories are older.",
    },
    "share-not-known": {
      title: "Unknown whether the unused repositories were cached",
      message: ({ sample, days, storage }, { prefix }) =>
        `${sentenceOf(sample, prefix, ["were", `not pulled from for ${days} days`])}, but ECR does not tell whether the rule ${prefix} filled them or somebody else: ${namesOf(sample)}${basisOf(sample)}${storageText(storage, sample.failing)}`,
      remediation: () =>
        "Exclude the repositories that are not cached with cachedRepositories.exclude, or replace the rule ROOT by rules with prefixes.",
    },
    "not-all-read": {
      title: "Not all repositories were read",
      message: ({ sample }, { prefix }) =>
        `${sample.lookedAt} of ${sample.existing} repositories under ${prefix} were read. The next audits read the others.`,
      remediation: () =>
        "Raise cachedRepositories.maxRepositories in the policy to read more of them in one audit, or exclude some.",
    },
  },
};
