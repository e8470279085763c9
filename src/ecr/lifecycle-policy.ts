import * as z from "zod";
import { problemsWith } from "../core/json-file.ts";

const days = { countUnit: z.literal("days"), countNumber: z.int().min(1) };

const countSchema = z.discriminatedUnion("countType", [
  z.object({ countType: z.literal("imageCountMoreThan"), countNumber: z.int().min(1) }),
  z.object({ countType: z.literal("sinceImagePushed"), ...days }),
  z.object({ countType: z.literal("sinceImagePulled"), ...days }),
  z.object({ countType: z.literal("sinceImageTransitioned"), ...days }),
]);

const ruleSchema = z
  .strictObject({
    rulePriority: z.int(),
    description: z.string().optional(),
    selection: z
      .looseObject({
        tagStatus: z.enum(["tagged", "untagged", "any"]),
        tagPatternList: z.array(z.string()).min(1).optional(),
        tagPrefixList: z.array(z.string()).min(1).optional(),
        storageClass: z.enum(["standard", "archive"]).optional(),
      })
      .and(countSchema),
    action: z.strictObject({
      type: z.enum(["expire", "transition"]),
      targetStorageClass: z.literal("archive").optional(),
    }),
  })
  .refine(
    ({ selection, action }) => selection.countType !== "sinceImagePulled" || action.type === "transition",
    {
      path: ["action", "type"],
      message: 'must be "transition": a rule that counts from the last pull only archives images',
    },
  );

const policySchema = z.strictObject({ rules: z.array(ruleSchema) });

/** A rule of a lifecycle policy. */
type LifecycleRule = z.infer<typeof ruleSchema>;

/** A parsed lifecycle policy, or the reason why the text is not one. */
export type ParsedLifecycle =
  | { readonly rules: readonly LifecycleRule[] }
  | { readonly rules: null; readonly problem: string };

/**
 * Parses the text of a lifecycle policy (Amazon ECR user guide, "Lifecycle policy properties in Amazon ECR", November
 * 2026). A text with elements that the guide does not define is rejected, because its effect is unknown.
 */
export function parseLifecyclePolicy(text: string): ParsedLifecycle {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { rules: null, problem: error instanceof Error ? error.message : String(error) };
  }
  const { success, data, error } = policySchema.safeParse(json, { reportInput: true });
  if (success) return { rules: data.rules.toSorted((a, b) => a.rulePriority - b.rulePriority) };
  const problems = problemsWith(policySchema, error.issues).map(({ path, message }) => `${path} ${message}`);
  return { rules: null, problem: problems.join("; ") };
}

/** Why a lifecycle policy keeps images longer than wanted. `rule` is the priority of the rule at fault. */
export type Keeping =
  /** No rule expires anything. */
  | { readonly why: "expires-nothing" }
  /** No rule expires these images by their age. */
  | { readonly why: "no-rule"; readonly images: "tagged" | "untagged" }
  /** The rule keeps a number of images, whatever their age. No rule with a lower priority can expire them. */
  | { readonly why: "keeps-a-number"; readonly rule: number; readonly count: number }
  | { readonly why: "too-late"; readonly rule: number; readonly days: number };

/**
 * Why a lifecycle policy keeps images for more than `expireAfterDays` days, counted from their push, or from their last pull
 * where that is what moves them to the archive; `null` if it does not.
 * With `expireAfterDays: null`, any rule that expires images is enough.
 *
 * An image in the tag selection of a rule cannot be expired by a rule with a lower priority, so each rule for itself has to
 * be in time. A rule that counts from the last pull moves images to the archive storage class and does not expire them; a second
 * rule expires archived images, and the days of both add up (Amazon ECR user guide, "Lifecycle policies", November 2026).
 */
export function keepingOf(rules: readonly LifecycleRule[], expireAfterDays: number | null): Keeping | null {
  const expiring = rules.flatMap((rule) => {
    const waits = rule.action.type === "expire" ? daysBefore(rule, rules) : null;
    return waits === null ? [] : [{ rule, waits }];
  });
  if (expiring.length === 0) return { why: "expires-nothing" };
  if (expireAfterDays === null) return null;
  const covered = new Set<"tagged" | "untagged">();
  for (const { rule, waits } of expiring) {
    const { rulePriority: priority, selection } = rule;
    if (selection.countType === "imageCountMoreThan") {
      return { why: "keeps-a-number", rule: priority, count: selection.countNumber };
    }
    const total = waits + selection.countNumber;
    if (total > expireAfterDays) return { why: "too-late", rule: priority, days: total };
    if (selection.tagStatus !== "tagged") covered.add("untagged");
    if (selectsEveryTag(rule)) covered.add("tagged");
  }
  const images = (["tagged", "untagged"] as const).find((one) => !covered.has(one));
  return images === undefined ? null : { why: "no-rule", images };
}

/**
 * After how many days a rule begins to count: for one of archived images, when they get to the archive at the latest; `null`
 * if no rule moves all of them there.
 */
function daysBefore(rule: LifecycleRule, rules: readonly LifecycleRule[]): number | null {
  if (rule.selection.countType !== "sinceImageTransitioned") return 0;
  const moving = rules
    .filter(({ action }) => action.type === "transition")
    .filter((one) => selectsAllOf(one, rule))
    .flatMap(({ selection }) =>
      selection.countType === "imageCountMoreThan" ? [] : [selection.countNumber],
    );
  return moving.length === 0 ? null : Math.min(...moving);
}

function selectsAllOf(wider: LifecycleRule, rule: LifecycleRule): boolean {
  if (wider.selection.tagStatus === "any") return true;
  if (rule.selection.tagStatus !== wider.selection.tagStatus) return false;
  return rule.selection.tagStatus === "untagged" || selectsEveryTag(wider) || haveSameTags(wider, rule);
}

function selectsEveryTag({
  selection: { tagStatus, tagPatternList, tagPrefixList },
}: LifecycleRule): boolean {
  if (tagStatus === "any") return true;
  // An image is selected only if it has all tags of the list.
  return (
    tagStatus === "tagged" &&
    tagPrefixList === undefined &&
    tagPatternList?.every((one) => one === "*") === true
  );
}

function haveSameTags({ selection: a }: LifecycleRule, { selection: b }: LifecycleRule): boolean {
  const tagsOf = (selection: LifecycleRule["selection"]) =>
    JSON.stringify([selection.tagPatternList, selection.tagPrefixList]);
  return tagsOf(a) === tagsOf(b);
}

/** Why a lifecycle policy keeps images, as the predicate of a sentence about it. */
export function describeKeeping(keeping: Keeping): string {
  switch (keeping.why) {
    case "expires-nothing":
      return "has no rule that expires images";
    case "no-rule":
      return `has no rule that expires all ${keeping.images} images by their age`;
    case "keeps-a-number":
      return `keeps ${keeping.count} images of rule ${keeping.rule}, whatever their age`;
    case "too-late":
      return `expires images only after ${keeping.days} days (rule ${keeping.rule})`;
  }
}
