import * as z from "zod";

/** The refusals that hold for the rest of an audit, so that asking again is pointless. */
export const finalReasons = [
  "access-denied",
  "denied-by-scp",
  "denied-by-rcp",
  "denied-by-vpc-endpoint-policy",
  "denied-by-permissions-boundary",
  "denied-by-session-policy",
  "role-not-assumable",
  "sts-not-activated",
  "account-not-ready",
] as const;

/** Why a fact could not be read from AWS. `not-collected`: no policy section needed it. */
export const unreadableReasonSchema = z.enum([
  ...finalReasons,
  "account-state-unknown",
  "region-disabled",
  "throttled",
  "timeout",
  "deadline",
  "service-error",
  "not-collected",
]);
export type UnreadableReason = z.infer<typeof unreadableReasonSchema>;

/** The schema of {@link Unreadable}. */
export const unreadableSchema = z.strictObject({
  state: z.literal("unreadable"),
  reason: unreadableReasonSchema,
  operation: z.string().describe("The AWS operation that failed, as `service:Operation`."),
  detail: z.string().describe("The unchanged error message of AWS or the network. Untrusted text."),
});
export type Unreadable = Readonly<z.infer<typeof unreadableSchema>>;

/**
 * One fact that was read from AWS. "Absent" and "could not be read" are different states: a check that needs an
 * `unreadable` fact returns UNKNOWN, never PASS or FAIL.
 */
export type Evidence<T> =
  | { readonly state: "present"; readonly value: T }
  | { readonly state: "absent" }
  | Unreadable;

/** The schema of {@link Evidence} of `value`, for snapshots that are loaded from a file. */
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

/** Evidence that AWS returned `value`. */
export function present<T>(value: T): { readonly state: "present"; readonly value: T } {
  return { state: "present", value };
}

/** Evidence that AWS reported that the fact does not exist. */
export const absent = { state: "absent" } as const;

/** Evidence that the fact could not be read. */
export function unreadable(reason: UnreadableReason, operation: string, detail: string): Unreadable {
  return { state: "unreadable", reason, operation, detail };
}

/** Evidence that the fact was not requested when the registry was read. */
export function notCollected(operation: string): Unreadable {
  return unreadable("not-collected", operation, "it was not requested when the registry was read");
}
