import * as z from "zod";
import { type PullThroughCacheRule, ruleSchema } from "../model/rule.ts";
import { type AuditState, knownRegistrySchema, STATE_SCHEMA_VERSION, stateSchema } from "../model/state.ts";
import { jsonPath } from "../policy/problem.ts";
import { StoreError } from "./ports.ts";

const leftOut = {
  upstreamRegistry: null,
  credentialArn: null,
  customRoleArn: null,
  createdAt: null,
  updatedAt: null,
} as const satisfies Partial<PullThroughCacheRule>;

/** A rule as the file holds it: what is null is left out, which keeps the state of a large fleet small. */
const packedRuleSchema = z.preprocess(
  (packed) => (typeof packed === "object" && packed !== null ? { ...leftOut, ...packed } : packed),
  ruleSchema,
);

const packedStateSchema = stateSchema.extend({
  registries: z.record(
    z.string(),
    knownRegistrySchema.extend({ rules: z.array(packedRuleSchema).readonly() }),
  ),
});

/** What tells a state of ours from anything else that may lie in its place. */
const headSchema = z.looseObject({ product: z.literal("pull-through-auditor"), schemaVersion: z.int() });

/** The text of a state: the same state gives the same text. */
export function stateText(state: AuditState): string {
  const registries = Object.fromEntries(
    Object.entries(state.registries).map(([key, { changedAt, rules }]) => [
      key,
      { changedAt, rules: rules.map(withoutNulls) },
    ]),
  );
  return `${JSON.stringify({ ...state, registries })}\n`;
}

/**
 * Reads a state back.
 *
 * @param place where it stands, for errors
 * @throws StoreError when it is damaged, of another product, or of a version that this one does not know. It is
 *   not to be overwritten then: somebody must look at it
 */
export function parseState(text: string, place: string): AuditState {
  const json = parseJson(text, place);
  const head = headSchema.safeParse(json);
  if (!head.success) {
    throw new StoreError(`${place} is not a state of pull-through-auditor. ${lookAtIt}`);
  }
  if (head.data.schemaVersion !== STATE_SCHEMA_VERSION) {
    throw new StoreError(
      `${place} has version ${head.data.schemaVersion} of the state; this version of the auditor knows ${STATE_SCHEMA_VERSION}. Use the version of the auditor that wrote it, or a newer one.`,
    );
  }
  const parsed = packedStateSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new StoreError(
    `${place} is damaged: ${jsonPath(issue?.path ?? [])} ${issue?.message ?? ""}. ${lookAtIt}`,
  );
}

const lookAtIt =
  "It was left as it is. Put an earlier version of it in its place, or move it away to begin anew with a baseline.";

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StoreError(`${place} is damaged: it is not JSON. ${lookAtIt}`, { cause: error });
  }
}

function withoutNulls(rule: object): object {
  return Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== null));
}
