import { type Advice, advice } from "../../core/advice.ts";
import { aws } from "../../ecr/commands.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import type { Unreadable } from "../../facts/evidence.ts";
import { reasonAdvice } from "../../facts/reason-advice.ts";
import type { CheckText, Prose } from "../verdict.ts";
import type { Problem } from "./judge.ts";
import { countOf, namesOf, type Predicate, type Sample, sentenceOf } from "./sample.ts";

type Sampled = { sample: Sample };

export type CachedRepositoriesKinds = Record<
  Exclude<Problem, "policy-not-read"> | "not-all-read" | "share-not-known",
  Sampled
> & { "policy-not-read": Sampled & Pick<Unreadable, "operation" | "reason" | "detail"> };

/** The texts of a kind: what is true of the repositories, and what to do with each of them. */
function about(
  title: string,
  predicate: Predicate,
  remediation: Prose<Sampled>["remediation"],
): Prose<Sampled> {
  return {
    title,
    message: ({ sample }, { prefix }) => `${sentenceOf(sample, prefix, predicate)}: ${namesOf(sample)}`,
    remediation,
  };
}

const onEach = "for each of the repositories that cached-repositories.csv lists beside the report";

/** The first repository of a sample, as the example in a command. The state may have no facts of a finding. */
function exampleIn({ sample }: Sampled): string {
  return sample.names[0] ?? "REPOSITORY";
}

function put(operation: string, what: string, options: Readonly<Record<string, string>>) {
  return (data: Sampled, ref: RuleRef): Advice =>
    advice`In account ${ref.account}, ${what}, ${onEach}: ${aws(operation, ref, { "repository-name": exampleIn(data), ...options })}`;
}

const lifecycle = put("ecr put-lifecycle-policy", "put the lifecycle policy of the template", {
  "lifecycle-policy-text": "file://lifecycle-policy.json",
});
const access = put("ecr set-repository-policy", "set the repository policy of the template", {
  "policy-text": "file://repository-policy.json",
});

export const cachedRepositoriesText: CheckText<CachedRepositoriesKinds> = {
  title: "Cached repositories",
  failsWhen: "repositories under the prefix lack what their template or the policy gives",
  kinds: {
    encryption: about(
      "Repositories with another encryption",
      ["are", "not encrypted as required"],
      (_data, ref) =>
        advice`The encryption of a repository cannot be changed. In account ${ref.account}, delete the repositories that are no longer used; the next pull creates them again from the template.`,
    ),
    "tag-mutability": about(
      "Repositories with another tag mutability",
      ["have", "another tag mutability than required"],
      put("ecr put-image-tag-mutability", "set the tag mutability of the template", {
        "image-tag-mutability": "MUTABLE",
      }),
    ),
    "no-lifecycle-policy": about(
      "Repositories without a lifecycle policy",
      ["have", "no lifecycle policy"],
      lifecycle,
    ),
    "lifecycle-policy-differs": about(
      "Repositories with another lifecycle policy than their template",
      ["have", "another lifecycle policy than the template"],
      lifecycle,
    ),
    "lifecycle-policy-keeps-images": about(
      "Repositories whose lifecycle policy keeps images",
      ["have", "a lifecycle policy that keeps images longer than allowed"],
      lifecycle,
    ),
    "no-repository-policy": about(
      "Repositories without a repository policy",
      ["have", "no repository policy"],
      access,
    ),
    "repository-policy-differs": about(
      "Repositories with another policy than their template",
      ["have", "another repository policy than the template"],
      access,
    ),
    "repository-policy-lets-in": about(
      "Repository policies let in whom the policy does not trust",
      ["have", "a repository policy that lets in everybody or accounts that are not trusted"],
      access,
    ),
    "not-scanned": about(
      "Repositories that are not scanned",
      ["are", "not scanned by the registry"],
      (_data, ref) =>
        advice`In account ${ref.account}, add a filter for the prefix to the scanning configuration of the registry; this command prints it: ${aws("ecr get-registry-scanning-configuration", ref, {})}`,
    ),
    "policy-not-understood": about(
      "Policies of repositories were not understood",
      ["have", "a lifecycle or repository policy that the auditor cannot evaluate"],
      (data, ref) =>
        advice`In account ${ref.account}, review the policies: ${aws("ecr get-lifecycle-policy", ref, { "repository-name": exampleIn(data) })}; and ${aws("ecr get-repository-policy", ref, { "repository-name": exampleIn(data) })}`,
    ),
    "policy-not-read": {
      title: "Policies of repositories could not be read",
      message: ({ sample, operation, reason, detail }, { prefix }) =>
        `${operation} could not be read (${reason}) for ${countOf(sample, prefix)}: ${namesOf(sample)} ${detail}`,
      remediation: ({ reason }) =>
        `${reasonAdvice[reason].advice} If other repositories were read, the policy of these may deny it.`,
      causes: [{ kind: "permission", by: "operation", within: "account" }],
    },
    "template-not-known": about(
      "Effective template is unknown",
      [
        "lie",
        "under a template that does not apply to pull through cache, inside of one that does, so it is unknown which ECR uses",
      ],
      (_data, ref) =>
        advice`In account ${ref.account}, let the more specific template apply to pull through cache too; this command lists the templates: ${aws("ecr describe-repository-creation-templates", ref, {})}`,
    ),
    "not-all-read": {
      title: "Not all repositories were read",
      message: ({ sample }, { prefix }) =>
        `${sample.lookedAt} of ${sample.existing} repositories under ${prefix} were read. The next audits read the others.`,
      remediation: () =>
        "Raise cachedRepositories.maxRepositories in the policy to read more of them in one audit, or exclude some.",
    },
    "share-not-known": {
      title: "Unknown whether the repositories were cached",
      message: ({ sample }, { prefix }) =>
        `${sentenceOf(sample, prefix, ["lack", "what the template or the policy gives"])}, but ECR does not tell whether the rule ${prefix} filled them or somebody else: ${namesOf(sample)}`,
      remediation: () =>
        "Exclude the repositories that are not cached with cachedRepositories.exclude, or replace the rule ROOT by rules with prefixes.",
    },
  },
};
