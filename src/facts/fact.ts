import * as z from "zod";
import type { PullThroughCacheRule } from "../ecr/rule.ts";
import { type Evidence, evidenceSchema, notCollected, type Unreadable } from "./evidence.ts";

/** The name in a rule by which a fact is stored; `null` if the rule has none. */
type NameIn = (rule: PullThroughCacheRule) => string | null;

/**
 * Defines a fact of a registry as a whole, such as its policy. If a snapshot file lacks it, it was not collected: the
 * file was written by a version that did not have the fact.
 *
 * @param operation the API operation that reads it, as `service:Operation`; also the IAM action that allows it
 * @param value the schema of the value
 */
export function registryFact<Value extends z.ZodType>(operation: string, value: Value, description?: string) {
  const schema = evidenceSchema(value).default(() => notCollected(operation));
  const none: Evidence<z.output<Value>> = notCollected(operation);
  return {
    operation,
    schema: description === undefined ? schema : schema.describe(description),
    notCollected: none,
    nameIn: null,
  };
}

/**
 * Defines a fact that is read once for each resource that rules name, such as their secrets, and stored by its name.
 *
 * @param nameIn returns the name of the resource in a rule
 */
export function namedFact<Value extends z.ZodType>(
  operation: string,
  value: Value,
  description: string,
  nameIn: NameIn,
) {
  const none: Readonly<Record<string, Evidence<z.output<Value>>>> = {};
  return {
    operation,
    schema: z
      .record(z.string(), evidenceSchema(value))
      .default(() => ({}))
      .describe(description),
    notCollected: none,
    nameIn,
  };
}

/** Evidence that was asked for and not read, and the prefixes of the rules that it concerns: none for the registry. */
export type UnreadEvidence = { readonly evidence: Unreadable; readonly prefixes: readonly string[] };

/** The evidence in a fact of a snapshot that was asked for and not read. */
export function unreadOf(
  value: Evidence<unknown> | Readonly<Record<string, Evidence<unknown>>>,
  nameIn: NameIn | null,
  rules: readonly { readonly rule: PullThroughCacheRule }[],
): readonly UnreadEvidence[] {
  if (isEvidence(value)) return isUnread(value) ? [{ evidence: value, prefixes: [] }] : none;
  if (Object.keys(value).length === 0) return none;
  return rules.flatMap(({ rule }) => {
    const evidence = value[nameIn?.(rule) ?? ""];
    return isUnread(evidence) ? [{ evidence, prefixes: [rule.ecrRepositoryPrefix] }] : none;
  });
}

/** Shared by the registries of a fleet, most of which were read in full. */
const none: readonly UnreadEvidence[] = [];

/** Whether evidence was asked for and could not be read. */
export function isUnread(evidence: Evidence<unknown> | undefined): evidence is Unreadable {
  return evidence?.state === "unreadable" && evidence.reason !== "not-collected";
}

function isEvidence(
  value: Evidence<unknown> | Readonly<Record<string, Evidence<unknown>>>,
): value is Evidence<unknown> {
  return typeof value["state"] === "string";
}
