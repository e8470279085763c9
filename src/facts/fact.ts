import * as z from "zod";
import type { PullThroughCacheRule } from "../ecr/rule.ts";
import { type Evidence, evidenceSchema, notCollected } from "./evidence.ts";

/** By which name of a rule a fact is kept; `null` where the rule has none. */
type NameIn = (rule: PullThroughCacheRule) => string | null;

/**
 * A fact of a registry as a whole, such as its policy. In a snapshot file that lacks it, it was not collected: the file
 * was written before the auditor knew the fact.
 *
 * @param operation the API operation that reads it, as `service:Operation`; also the IAM action that allows it
 * @param value the schema of what AWS answers
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
 * A fact that is read once for each of some things that rules name, such as their secrets, and kept by their names.
 *
 * @param nameIn the name in a rule
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

/** What is known of one thing, and the prefixes of the rules that it concerns: none for the registry as a whole. */
export type PieceOfEvidence = { readonly evidence: Evidence<unknown>; readonly prefixes: readonly string[] };

/** The evidence that a fact's value in a snapshot consists of. */
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
