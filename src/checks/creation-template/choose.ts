import { liesWithin, withoutSlash } from "../../ecr/prefix.ts";
import { ROOT_PREFIX } from "../../ecr/rule.ts";
import type { CreationTemplate } from "../../facts/creation-templates.ts";

/** What ECR makes new repositories by that it caches images in. */
export type Choice =
  /** No template is around the prefix. */
  | { readonly outcome: "none" }
  | { readonly outcome: "chosen"; readonly template: CreationTemplate }
  /** The nearest template is not applied for pull through cache, nor is any wider one. */
  | { readonly outcome: "not-applied"; readonly template: CreationTemplate }
  /** The nearest template is not applied for pull through cache, but a wider one is. */
  | { readonly outcome: "shadowed"; readonly template: CreationTemplate; readonly wider: CreationTemplate };

/**
 * Chooses the template for the repositories under `prefix`, as ECR does: the most specific prefix wins, a `/`
 * is assumed at its end, and `ROOT` catches the rest (Amazon ECR API reference, CreateRepositoryCreationTemplate,
 * November 2026). Whether ECR goes on to a wider template where the most specific one is applied for other
 * features only, no source says: that is an outcome of its own.
 */
export function chooseTemplate(prefix: string, templates: readonly CreationTemplate[]): Choice {
  const around = templates
    .filter((template) => template.prefix === ROOT_PREFIX || liesWithin(prefix, template.prefix))
    .toSorted((a, b) => specificity(b) - specificity(a));
  const [template] = around;
  if (template === undefined) return { outcome: "none" };
  const applied = around.find(({ appliedFor }) => appliedFor.includes("PULL_THROUGH_CACHE"));
  if (applied === undefined) return { outcome: "not-applied", template };
  return applied === template
    ? { outcome: "chosen", template }
    : { outcome: "shadowed", template, wider: applied };
}

/** Of two templates around the same prefix, the one with the longer prefix lies inside the other. */
function specificity({ prefix }: CreationTemplate): number {
  return prefix === ROOT_PREFIX ? 0 : withoutSlash(prefix).length;
}

/**
 * The parts of what a rule caches for which a template is chosen each: its prefix, and inside it the prefix of
 * every template, but for those inside another rule's prefix, whose images are that rule's. Inside `ROOT`
 * there is nothing.
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
    .filter((area) => !innerRules.some((other) => liesWithin(area, other)));
  return [withoutSlash(prefix), ...new Set(inner)];
}

function liesInside(inner: string, outer: string): boolean {
  return liesWithin(inner, outer) && !liesWithin(outer, inner);
}
