import * as z from "zod";
import type { PullThroughCacheRule } from "../ecr/rule.ts";
import { type Evidence, evidenceSchema, notCollected } from "./evidence.ts";

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

/** One piece of evidence and the prefixes of the rules that it concerns: none for the registry as a whole. */
export type PieceOfEvidence = { readonly evidence: Evidence<unknown>; readonly prefixes: readonly string[] };

/** The pieces of evidence in a fact of a snapshot. */
export function piecesOf(
  value: Evidence<unknown> | Readonly<Record<string, Evidence<unknown>>>,
  nameIn: NameIn | null,
  rules: readonly PullThroughCacheRule[],
): readonly PieceOfEvidence[] {
  if (isEvidence(value)) return [{ evidence: value, prefixes: [] }];
  return rules.flatMap((rule) => {
    const evidence = value[nameIn?.(rule) ?? ""];
    return evidence === undefined ? [] : [{ evidence, prefixes: [rule.ecrRepositoryPrefix] }];
  });
}

function isEvidence(
  value: Evidence<unknown> | Readonly<Record<string, Evidence<unknown>>>,
): value is Evidence<unknown> {
  return typeof value["state"] === "string";
}
