import { type Advice, advice, Command } from "../../core/advice.ts";
import { arnIn, aws } from "../../ecr/commands.ts";
import { describeKeeping, type Keeping } from "../../ecr/lifecycle-policy.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import { actionsOf, type LetIn, whoOf } from "../iam/let-in.ts";
import type { CheckText } from "../verdict.ts";

type Template = { template: string };
type LetInByTemplate = Template & LetIn & { isAllBut: boolean };
type Application = Template & { appliedFor: readonly string[] };

export type CreationTemplateKinds = {
  "template-missing": Record<string, never>;
  "template-not-applied": Application;
  "template-shadowed": Application & { wider: string };
  "tag-mutability": Template & { imageTagMutability: string; allowed: readonly string[] };
  encryption: Template & { encryptionType: string; allowed: readonly string[] };
  "no-lifecycle-policy": Template;
  "no-repository-policy": Template;
  "lifecycle-policy-keeps-images": Template & { expireAfterDays: number | null } & Keeping;
  "lifecycle-policy-not-understood": Template & { problem: string };
  "repository-policy-lets-in": LetInByTemplate;
  "repository-policy-without-pull": Template;
  "repository-policy-organization-unknown": LetInByTemplate;
  "repository-policy-not-understood": LetInByTemplate;
  "repository-policy-not-parsed": Template & { problem: string };
  /** The snapshot was written by a version that did not record the text. */
  "policy-not-recorded": Template & { policy: "lifecycle" | "repository" };
  "no-role": Template & { roleNeededFor: readonly string[] };
};

const defaults = "mutable tags, AES256, no lifecycle policy, no repository policy, no tags";

/** All failures of one template are resolved by one update of it. */
const theTemplate = [{ kind: "template", by: "template", within: "registry" }] as const;

export const creationTemplateText: CheckText<CreationTemplateKinds> = {
  title: "Repository creation templates",
  failsWhen: "no template covers the prefix for PULL_THROUGH_CACHE, or its settings violate the policy",
  kinds: {
    "template-missing": {
      // One template for ROOT covers all prefixes of a registry.
      causes: [{ kind: "template", by: null, within: "registry" }],
      title: "No repository creation template covers the prefix",
      message: (_data, { prefix }) =>
        `Repositories created under ${prefix} get the ECR defaults: ${defaults}.`,
      remediation: (_data, ref) =>
        advice`In account ${ref.account}, create a template. Add to the command what the policy requires of templates, such as their encryption and lifecycle policy: ${aws(
          "ecr create-repository-creation-template",
          ref,
          { prefix: ref.prefix, "applied-for": "PULL_THROUGH_CACHE" },
        )}`,
    },
    "template-not-applied": {
      causes: theTemplate,
      title: "Template does not apply to pull through cache",
      message: ({ template, appliedFor }) =>
        `The template ${template} applies ${onlyTo(appliedFor)}, so cached repositories get the ECR defaults (${defaults}).`,
      remediation: applyForCache,
    },
    "template-shadowed": {
      causes: theTemplate,
      title: "Effective template is unknown",
      message: ({ template, appliedFor, wider }) =>
        `The most specific template, ${template}, applies ${onlyTo(appliedFor)}; a broader one, ${wider}, applies to PULL_THROUGH_CACHE. AWS does not document which of the two ECR uses for cached repositories.`,
      remediation: applyForCache,
    },
    "tag-mutability": {
      causes: theTemplate,
      title: "Tag mutability of the template is not allowed",
      message: ({ template, imageTagMutability, allowed }) =>
        `The template ${template} sets ${imageTagMutability}; the policy allows ${allowed.join(" or ")}.`,
      remediation: ({ template, allowed }, ref) =>
        update(template, ref, { "image-tag-mutability": firstOf(allowed) }),
    },
    encryption: {
      causes: theTemplate,
      title: "Encryption of the template is not allowed",
      message: ({ template, encryptionType, allowed }) =>
        `The template ${template} sets ${encryptionType}; the policy allows ${allowed.join(" or ")}.`,
      remediation: ({ template, allowed }, ref) =>
        update(template, ref, { "encryption-configuration": `encryptionType=${firstOf(allowed)}` }),
    },
    "no-lifecycle-policy": {
      causes: theTemplate,
      title: "Template has no lifecycle policy",
      message: ({ template }) =>
        `The template ${template} has no lifecycle policy, so unused images are kept and billed indefinitely.`,
      remediation: ({ template }, ref) =>
        update(template, ref, { "lifecycle-policy": "file://lifecycle-policy.json" }),
    },
    "no-repository-policy": {
      causes: theTemplate,
      title: "Template has no repository policy",
      message: ({ template }) =>
        `The template ${template} has no repository policy, so other accounts cannot pull cached images.`,
      remediation: ({ template }, ref) =>
        update(template, ref, { "repository-policy": "file://repository-policy.json" }),
    },
    "lifecycle-policy-keeps-images": {
      causes: theTemplate,
      title: "Lifecycle policy of the template keeps images too long",
      message: ({ template, expireAfterDays, ...keeping }) =>
        `The lifecycle policy of the template ${template} ${describeKeeping(keeping)}; ${
          expireAfterDays === null
            ? "the policy requires one that expires images"
            : `the policy requires all images to expire after ${expireAfterDays} days at the latest`
        }.`,
      remediation: ({ template }, ref) =>
        update(template, ref, { "lifecycle-policy": "file://lifecycle-policy.json" }),
    },
    "lifecycle-policy-not-understood": {
      causes: theTemplate,
      title: "Lifecycle policy of the template could not be parsed",
      message: ({ template, problem }) =>
        `The auditor could not parse the lifecycle policy of the template ${template}: ${problem}`,
      remediation: readTemplate,
    },
    "repository-policy-lets-in": {
      causes: theTemplate,
      title: "Repository policy of the template allows untrusted principals",
      message: ({ isAllBut, ...data }) =>
        `Statement ${data.statement} of the repository policy of the template ${data.template} allows ${
          isAllBut ? `everyone except ${whoOf(data)}` : whoOf(data)
        } to use ${actionsOf(data)}.`,
      remediation: ({ template }, ref) =>
        update(template, ref, { "repository-policy": "file://repository-policy.json" }),
    },
    "repository-policy-without-pull": {
      causes: theTemplate,
      title: "Repository policy of the template lets nobody pull",
      message: ({ template }) =>
        `The repository policy of the template ${template} allows nobody to pull (ecr:BatchGetImage), so other accounts cannot pull cached images.`,
      remediation: ({ template }, ref) =>
        update(template, ref, { "repository-policy": "file://repository-policy.json" }),
    },
    "repository-policy-organization-unknown": {
      title: "Could not verify the organization that the repository policy allows",
      message: (data) =>
        `Statement ${data.statement} of the repository policy of the template ${data.template} allows ${whoOf(data)}, but the ID of your organization is not known.`,
      remediation: () =>
        advice`Set creationTemplates.repositoryPolicy.organizationId in the policy file to the ID of your organization, which this command prints: ${new Command("aws organizations describe-organization --query Organization.Id --output text")}`,
    },
    "repository-policy-not-understood": {
      causes: theTemplate,
      title: "Could not verify the principals that the repository policy allows",
      message: (data) =>
        `Statement ${data.statement} of the repository policy of the template ${data.template} allows ${whoOf(data)} to use ${actionsOf(data)}; the auditor could not determine whether all of them are trusted.`,
      remediation: readTemplate,
    },
    "repository-policy-not-parsed": {
      causes: theTemplate,
      title: "Repository policy of the template could not be parsed",
      message: ({ template, problem }) =>
        `The auditor could not parse the repository policy of the template ${template}: ${problem}`,
      remediation: readTemplate,
    },
    "policy-not-recorded": {
      title: "Text of the template's policy was not recorded",
      message: ({ template, policy }) =>
        `The template ${template} has a ${policy} policy, but the snapshot was written by an older version, which did not record its text.`,
      remediation: () => "Audit the registry again with this version.",
    },
    "no-role": {
      causes: theTemplate,
      title: "Template lacks a required role",
      message: ({ template, roleNeededFor }) =>
        `The template ${template} sets ${roleNeededFor.join(" and ")}, for which ECR requires a role, but it names none.`,
      remediation: ({ template }, ref) =>
        update(template, ref, { "custom-role-arn": arnIn("iam", ref, "role/ROLE_NAME") }),
    },
  },
};

function applyForCache({ template, appliedFor }: Application, ref: RuleRef): Advice {
  const features = [...appliedFor, "PULL_THROUGH_CACHE"];
  return update(template, ref, { "applied-for": JSON.stringify(features) });
}

/** An update can reset settings that it omits; the ECR API reference says so for the tag mutability. */
function update(template: string, ref: RuleRef, change: Readonly<Record<string, string>>): Advice {
  const command = aws("ecr update-repository-creation-template", ref, { prefix: template, ...change });
  return advice`In account ${ref.account}, update the template. The change applies only to new repositories; existing ones keep their settings. Repeat the template's other settings in the command, because an update can reset settings that it omits: ${command}`;
}

function readTemplate({ template }: Template, ref: RuleRef): Advice {
  return advice`In account ${ref.account}, review the template; this command prints it: ${aws("ecr describe-repository-creation-templates", ref, { prefixes: template })}`;
}

function onlyTo(features: readonly string[]): string {
  return features.length === 0 ? "to no feature" : `only to ${features.join(" and ")}`;
}

/** One value that the policy allows, so that the command can be pasted. */
function firstOf(allowed: readonly string[]): string {
  return allowed.slice(0, 1).join();
}
