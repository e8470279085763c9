import { arnIn, aws } from "../../ecr/commands.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import type { CheckText } from "../verdict.ts";

type Template = { template: string };
type Application = Template & { appliedFor: readonly string[] };

export type CreationTemplateKinds = {
  "template-missing": Record<string, never>;
  "template-not-applied": Application;
  "template-shadowed": Application & { wider: string };
  "tag-mutability": Template & { imageTagMutability: string; allowed: readonly string[] };
  encryption: Template & { encryptionType: string; allowed: readonly string[] };
  "no-lifecycle-policy": Template;
  "no-repository-policy": Template;
  "no-role": Template & { roleNeededFor: readonly string[] };
};

const defaults = "mutable tags, AES256, no lifecycle policy, no repository policy, no tags";

export const creationTemplateText: CheckText<CreationTemplateKinds> = {
  title: "Repository creation templates",
  failsWhen: "no template covers the prefix for PULL_THROUGH_CACHE, or its settings break the policy",
  kinds: {
    "template-missing": {
      title: "No repository creation template covers the prefix",
      message: (_data, { prefix }) =>
        `Repositories that are cached under ${prefix} come out with ECR's defaults: ${defaults}.`,
      remediation: (_data, ref) =>
        `Create a template, and give it the settings that the policy asks for: ${aws(
          "ecr create-repository-creation-template",
          ref,
          { prefix: ref.prefix, "applied-for": "PULL_THROUGH_CACHE" },
        )}`,
    },
    "template-not-applied": {
      title: "Template is not applied for pull through cache",
      message: ({ template, appliedFor }) =>
        `The template ${template} is applied ${onlyFor(appliedFor)}: cached repositories come out with ECR's defaults (${defaults}).`,
      remediation: applyForCache,
    },
    "template-shadowed": {
      title: "Cannot tell which template is in force",
      message: ({ template, appliedFor, wider }) =>
        `The nearest template, ${template}, is applied ${onlyFor(appliedFor)}; a wider one, ${wider}, is applied for PULL_THROUGH_CACHE. Which of them ECR uses for cached repositories is not documented.`,
      remediation: applyForCache,
    },
    "tag-mutability": {
      title: "Template sets a tag mutability that is not allowed",
      message: ({ template, imageTagMutability, allowed }) =>
        `The template ${template} sets ${imageTagMutability}; the policy allows ${allowed.join(" or ")}.`,
      remediation: ({ template, allowed }, ref) =>
        update(template, ref, { "image-tag-mutability": firstOf(allowed) }),
    },
    encryption: {
      title: "Template sets an encryption that is not allowed",
      message: ({ template, encryptionType, allowed }) =>
        `The template ${template} sets ${encryptionType}; the policy allows ${allowed.join(" or ")}.`,
      remediation: ({ template, allowed }, ref) =>
        update(template, ref, { "encryption-configuration": `encryptionType=${firstOf(allowed)}` }),
    },
    "no-lifecycle-policy": {
      title: "Template has no lifecycle policy",
      message: ({ template }) =>
        `The template ${template} has no lifecycle policy: images that nobody pulls any more stay and are paid for.`,
      remediation: ({ template }, ref) =>
        update(template, ref, { "lifecycle-policy": "file://lifecycle-policy.json" }),
    },
    "no-repository-policy": {
      title: "Template has no repository policy",
      message: ({ template }) =>
        `The template ${template} has no repository policy: other accounts can not pull what is cached.`,
      remediation: ({ template }, ref) =>
        update(template, ref, { "repository-policy": "file://repository-policy.json" }),
    },
    "no-role": {
      title: "Template lacks the role that it needs",
      message: ({ template, roleNeededFor }) =>
        `The template ${template} sets ${roleNeededFor.join(" and ")}, for which ECR needs a role, and names none.`,
      remediation: ({ template }, ref) =>
        update(template, ref, { "custom-role-arn": arnIn("iam", ref, "role/ROLE_NAME") }),
    },
  },
};

function applyForCache({ template, appliedFor }: Application, ref: RuleRef): string {
  const features = [...appliedFor, "PULL_THROUGH_CACHE"];
  return update(template, ref, { "applied-for": JSON.stringify(features) });
}

/** An update may undo what it leaves out, as ECR's API reference says of the tag mutability. */
function update(template: string, ref: RuleRef, change: Readonly<Record<string, string>>): string {
  const command = aws("ecr update-repository-creation-template", ref, { prefix: template, ...change });
  return `Update the template; it holds for new repositories, those that are there keep what they have. Repeat its other settings in the command, as an update may undo them: ${command}`;
}

function onlyFor(features: readonly string[]): string {
  return features.length === 0 ? "for nothing" : `for ${features.join(" and ")} only`;
}

/** One value that the policy allows, so that a command can be pasted. */
function firstOf(allowed: readonly string[]): string {
  return allowed.slice(0, 1).join();
}
