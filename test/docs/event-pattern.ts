import * as z from "zod";

/**
 * Whether EventBridge would hand `event` to a rule with `pattern`, as far as the patterns in our documents and templates go.
 * There is no library for this that is kept up; what is not known here throws rather than matches.
 *
 * Source: Amazon EventBridge user guide, "Comparison operators for use in event patterns", November 2026.
 */
export function matches(pattern: unknown, event: unknown): boolean {
  return Object.entries(recordSchema.parse(pattern)).every(([key, wanted]) => {
    if (key === "$or")
      return z
        .array(z.unknown())
        .parse(wanted)
        .some((one) => matches(one, event));
    const actual = recordSchema.safeParse(event).data?.[key];
    return Array.isArray(wanted) ? matchesValue(wanted, actual) : matches(wanted, actual);
  });
}

const recordSchema = z.record(z.string(), z.unknown());

const operatorSchema = z.union([
  z.strictObject({ prefix: z.string() }),
  z.strictObject({ wildcard: z.string() }),
  z.strictObject({ "anything-but": z.string() }),
  z.strictObject({ exists: z.literal(false) }),
  z.strictObject({ numeric: z.tuple([z.literal(">"), z.number()]) }),
]);

const wantedSchema = z.union([z.string(), z.boolean(), z.null(), operatorSchema]);

/** A list in an event matches when one of its items does; so does a list of what is wanted. */
function matchesValue(wanted: readonly unknown[], actual: unknown): boolean {
  const items: readonly unknown[] = Array.isArray(actual) ? actual : [actual];
  return wanted
    .map((one) => wantedSchema.parse(one))
    .some((one) => items.some((item) => matchesOne(one, item)));
}

function matchesOne(wanted: z.infer<typeof wantedSchema>, item: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return item === wanted;
  if ("exists" in wanted) return item === undefined;
  if ("numeric" in wanted) return typeof item === "number" && item > wanted.numeric[1];
  if (typeof item !== "string") return false;
  if ("anything-but" in wanted) return item !== wanted["anything-but"];
  if ("prefix" in wanted) return item.startsWith(wanted.prefix);
  const parts = wanted.wildcard.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(item);
}
