import * as z from "zod";

/** Why something that AWS was asked for could not be read. `not-collected`: no policy section needed it. */
export const unreadableReasonSchema = z.enum([
  "access-denied",
  "denied-by-scp",
  "role-not-assumable",
  "region-disabled",
  "throttled",
  "timeout",
  "deadline",
  "service-error",
  "not-collected",
]);
export type UnreadableReason = z.infer<typeof unreadableReasonSchema>;

const unreadableSchema = z.strictObject({
  state: z.literal("unreadable"),
  reason: unreadableReasonSchema,
  operation: z.string().describe("The AWS operation that failed, as `service:Operation`."),
  detail: z.string().describe("What AWS or the network said, as it was said: hostile text."),
});
export type Unreadable = Readonly<z.infer<typeof unreadableSchema>>;

/**
 * What is known of one fact that AWS was asked for. "There is none" and "it could not be read" are
 * different answers: a check that meets `unreadable` answers UNKNOWN, never PASS or FAIL.
 */
export type Evidence<T> =
  | { readonly state: "present"; readonly value: T }
  | { readonly state: "absent" }
  | Unreadable;

/** The schema of {@link Evidence} of `value`, for snapshots that are read back from a file. */
export function evidenceSchema<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion(
    "state",
    [
      z.strictObject({ state: z.literal("present"), value }),
      z.strictObject({ state: z.literal("absent") }),
      unreadableSchema,
    ],
    { error: 'must be "present", "absent" or "unreadable"' },
  );
}

/** AWS answered with `value`. */
export function present<T>(value: T): { readonly state: "present"; readonly value: T } {
  return { state: "present", value };
}

/** AWS answered: there is none. */
export const absent = { state: "absent" } as const;

/** The fact could not be read. */
export function unreadable(reason: UnreadableReason, operation: string, detail: string): Unreadable {
  return { state: "unreadable", reason, operation, detail };
}

/** The evidence on a fact that nothing asked for when the registry was read. */
export function notCollected(operation: string): Unreadable {
  return unreadable("not-collected", operation, "nothing asked for it when the registry was read");
}
