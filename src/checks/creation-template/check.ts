import type { Target } from "../../ecr/target.ts";
import type { CreationTemplate } from "../../facts/creation-templates.ts";
import type { Policy } from "../../policy/schema.ts";
import { defineRuleCheck } from "../define-check.ts";
import { pass, unknownBecause, type Verdict } from "../verdict.ts";
import { areasOf, chooseTemplate } from "./choose.ts";
import { evaluateLifecyclePolicy, evaluateRepositoryPolicy } from "./policies.ts";
import { creationTemplateRemediation } from "./remediation.ts";
import { type CreationTemplateKinds, creationTemplateText } from "./text.ts";

type Demands = NonNullable<Policy["creationTemplates"]>;
type Verdicts = Generator<Verdict<CreationTemplateKinds>>;

/** Fails if the repositories that a rule creates do not get the settings that the policy requires. */
export const creationTemplate = defineRuleCheck({
  id: "creation-template",
  severity: "medium",
  text: creationTemplateText,
  remediation: creationTemplateRemediation,
  predictable: false,
  facts: ["creationTemplates"],
  isDemanded: ({ creationTemplates }) => creationTemplates !== undefined,
  evaluate: ({ rule, siblings, registry: { creationTemplates, target }, policy }) => {
    if (creationTemplates.state === "unreadable") return unknownBecause(creationTemplates);
    const templates = creationTemplates.state === "present" ? creationTemplates.value : [];
    const rulePrefixes = siblings.map((sibling) => sibling.rule.ecrRepositoryPrefix);
    const failures = areasOf(rule.ecrRepositoryPrefix, templates, rulePrefixes).flatMap((area) => [
      ...evaluateArea(area, templates, policy.creationTemplates ?? {}, target),
    ]);
    return failures.length > 0 ? failures : pass;
  },
});

function* evaluateArea(
  area: string,
  templates: readonly CreationTemplate[],
  demands: Demands,
  target: Target,
): Verdicts {
  const required = demands.required ?? true;
  const choice = chooseTemplate(area, templates);
  switch (choice.outcome) {
    case "chosen":
      yield* evaluateSettings(choice.template, demands, target);
      return;
    case "none":
      if (required) yield { status: "FAIL", kind: "template-missing", data: {} };
      return;
    case "not-applied": {
      if (!required) return;
      const { prefix: template, appliedFor } = choice.template;
      const data = { template, appliedFor };
      yield { status: "FAIL", kind: "template-not-applied", subject: `${template} appliedFor`, data };
      return;
    }
    case "shadowed": {
      const { prefix: template, appliedFor } = choice.template;
      const data = { template, appliedFor, wider: choice.wider.prefix };
      yield { status: "UNKNOWN", kind: "template-shadowed", subject: `${template} appliedFor`, data };
    }
  }
}

function* evaluateSettings(settings: CreationTemplate, demands: Demands, target: Target): Verdicts {
  const { prefix: template, imageTagMutability, encryptionType } = settings;
  const { tagMutability, encryption } = demands;
  const fail = { status: "FAIL" } as const;
  const about = (setting: string) => `${template} ${setting}`;
  if (tagMutability?.every((allowed) => allowed !== imageTagMutability)) {
    const data = { template, imageTagMutability, allowed: tagMutability };
    yield { ...fail, kind: "tag-mutability", subject: about("tagMutability"), data };
  }
  if (encryption?.every((allowed) => allowed !== encryptionType)) {
    const data = { template, encryptionType, allowed: encryption };
    yield { ...fail, kind: "encryption", subject: about("encryption"), data };
  }
  yield* evaluateLifecyclePolicy(settings, demands.lifecyclePolicy);
  yield* evaluateRepositoryPolicy(settings, demands.repositoryPolicy, target);
  const roleNeededFor = [
    ...(encryptionType === "AES256" ? [] : ["a KMS key"]),
    ...(settings.hasResourceTags ? ["tags"] : []),
  ];
  if (roleNeededFor.length > 0 && settings.customRoleArn === null) {
    const data = { template, roleNeededFor };
    yield { ...fail, kind: "no-role", subject: about("customRole"), data };
  }
}
