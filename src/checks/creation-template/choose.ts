import { isNestedIn, withoutSlash } from "../../ecr/prefix.ts";
import { ROOT_PREFIX } from "../../ecr/rule.ts";
import type { CreationTemplate } from "../../facts/creation-templates.ts";

/** The template from which ECR creates new repositories for cached images. */
export type Choice =
  /** No template covers the prefix. */
  | { readonly outcome: "none" }
  | { readonly outcome: "chosen"; readonly template: CreationTemplate }
  /** Neither the most specific template nor any broader one applies to pull through cache. */
  | { readonly outcome: "not-applied"; readonly template: CreationTemplate }
  /** The most specific template does not apply to pull through cache, but a broader one does. */
  | { readonly outcome: "shadowed"; readonly template: CreationTemplate; readonly wider: CreationTemplate };

/**
 * Chooses the template for the repositories under `prefix` in the same way as ECR: the template with the most specific
 * prefix is used, a `/` is assumed at the end of each prefix, and `ROOT` matches all others (Amazon ECR API reference,
 * CreateRepositoryCreationTemplate, November 2026). It is not documented whether ECR uses a broader template if the
 * most specific one applies only to other features. That is a separate outcome.
 */
export function chooseTemplate(prefix: string, templates: readonly CreationTemplate[]): Choice {
  const around = templates
    .filter((template) => template.prefix === ROOT_PREFIX || isNestedIn(prefix, template.prefix))
    .toSorted((a, b) => specificity(b) - specificity(a));
  const [template] = around;
  if (template === undefined) return { outcome: "none" };
  const applied = around.find(({ appliedFor }) => appliedFor.includes("PULL_THROUGH_CACHE"));
  if (applied === undefined) return { outcome: "not-applied", template };
  return applied === template
    ? { outcome: "chosen", template }
    : { outcome: "shadowed", template, wider: applied };
}

/** If two templates cover the same prefix, the one with the longer prefix is nested inside the other. */
function specificity({ prefix }: CreationTemplate): number {
  return prefix === ROOT_PREFIX ? 0 : withoutSlash(prefix).length;
}

/**
 * The prefixes for which ECR chooses a template separately: the rule's prefix and the prefixes of all templates nested
 * inside it. Templates inside the prefix of another, nested rule are excluded, because they belong to that rule. No
 * prefix is nested inside `ROOT`.
 */
export function areasOf(
  prefix: string,
  templates: readonly CreationTemplate[],
  rulePrefixes: readonly string[],
): readonly string[] {
  const innerRules = rulePrefixes.filter((other) => liesInside(other, prefix));
  const inner = templates
    .map((template) => withoutSlash(template.prefix))
    .filter((area) => liesInside(area, prefix))
    .filter((area) => !innerRules.some((other) => isNestedIn(area, other)));
  return [withoutSlash(prefix), ...new Set(inner)];
}

function liesInside(inner: string, outer: string): boolean {
  return isNestedIn(inner, outer) && !isNestedIn(outer, inner);
}
