import * as z from "zod";
import { firstLines } from "../../core/first-lines.ts";
import { parseJson, parseStrictly, problemsOf } from "../../core/json-file.ts";
import { compareValues } from "../../core/order.ts";
import { ConfigurationError, jsonPath, type Problem, problemLine } from "../../core/problem.ts";
import { ROOT_PREFIX, ruleSchema } from "../../ecr/rule.ts";
import {
  type AuditState,
  knownRegistrySchema,
  STATE_SCHEMA_VERSION,
  stateSchema,
} from "../../schemas/state.ts";
import { StoreError } from "../ports.ts";
import { withinBudget } from "./state-budget.ts";
import { packedStateSchema, packState, unpackState } from "./state-packing.ts";

const anyText = z.string().nullable().optional();

/** A rule as it stands in the file: tens of thousands of them do without what goes without saying. */
const storedRuleSchema = ruleSchema.extend({
  upstreamRegistry: anyText,
  upstreamRepositoryPrefix: z.string().optional(),
  credentialArn: anyText,
  customRoleArn: anyText,
  createdAt: anyText,
  updatedAt: anyText,
});

const ruleCodec = z.codec(storedRuleSchema, ruleSchema, {
  decode: (stored) => ({
    ecrRepositoryPrefix: stored.ecrRepositoryPrefix,
    upstreamRegistryUrl: stored.upstreamRegistryUrl,
    upstreamRegistry: stored.upstreamRegistry ?? null,
    upstreamRepositoryPrefix: stored.upstreamRepositoryPrefix ?? ROOT_PREFIX,
    credentialArn: stored.credentialArn ?? null,
    customRoleArn: stored.customRoleArn ?? null,
    createdAt: stored.createdAt ?? null,
    updatedAt: (stored.updatedAt === undefined ? stored.createdAt : stored.updatedAt) ?? null,
  }),
  // JSON leaves out what is undefined.
  encode: (rule) => ({
    ecrRepositoryPrefix: rule.ecrRepositoryPrefix,
    upstreamRegistryUrl: rule.upstreamRegistryUrl,
    upstreamRegistry: rule.upstreamRegistry ?? undefined,
    upstreamRepositoryPrefix:
      rule.upstreamRepositoryPrefix === ROOT_PREFIX ? undefined : rule.upstreamRepositoryPrefix,
    credentialArn: rule.credentialArn ?? undefined,
    customRoleArn: rule.customRoleArn ?? undefined,
    createdAt: rule.createdAt ?? undefined,
    updatedAt: rule.updatedAt === rule.createdAt ? undefined : rule.updatedAt,
  }),
});

const storedStateSchema = packedStateSchema.extend({
  registries: z.record(z.string(), knownRegistrySchema.extend({ rules: z.array(ruleCodec).readonly() })),
});

/** Turns a state file's content of one version into that of the next. */
export type Migration = (state: Readonly<Record<string, unknown>>) => unknown;

/** By the version that each starts from. There is only one version so far. */
const stateMigrations: Readonly<Record<number, Migration>> = {};

/** The most problems of a damaged state that are told; it may have one for every rule of a fleet. */
const mostProblems = 5;

/**
 * The text of a state file: compact JSON, with the same bytes for the same state.
 *
 * @param place where it will stand, for errors
 * @throws StoreError when it could not be read back
 */
export function serialiseState(state: AuditState, location: string): string {
  const encoded = z.safeEncode(storedStateSchema, packState(withinBudget(state)));
  if (encoded.success) return `${JSON.stringify(encoded.data, withSortedKeys)}\n`;
  const why = "the auditor could not read back what it was about to write. Report this fault of the auditor:";
  throw new StoreError(
    `${location} was left as it is: ${why}\n${problemLines(encoded.error.issues.flatMap(problemsOf))}`,
  );
}

/**
 * Reads the text of a state file.
 *
 * @param place where it stands, for errors
 * @throws StoreError when it is damaged, not ours, or of a newer version
 */
export function parseState(
  text: string,
  location: string,
  migrations: Readonly<Record<number, Migration>> = stateMigrations,
): AuditState {
  try {
    const stored = migrated(parseJson(text, location), location, migrations);
    const unpacked = unpackState(parseStrictly(storedStateSchema, stored, location));
    if ("state" in unpacked) return unpacked.state;
    const problems = unpacked.misfits.map(({ path, message }) => ({ path: jsonPath(path), message }));
    throw new ConfigurationError(location, problems);
  } catch (error) {
    if (error instanceof ConfigurationError) throw damaged(error, location);
    throw error;
  }
}

const oursSchema = z.looseObject({ product: stateSchema.shape.product });
const versionedSchema = z.looseObject({ schemaVersion: z.int() });

/** The file's content as this version has it. */
function migrated(
  value: unknown,
  location: string,
  migrations: Readonly<Record<number, Migration>>,
): unknown {
  if (!oursSchema.safeParse(value).success) {
    throw new StoreError(
      `${location} is not the state of a pull-through-auditor; it was left as it is. Name another store.`,
    );
  }
  const state = parseStrictly(versionedSchema, value, location);
  const { schemaVersion } = state;
  if (schemaVersion > STATE_SCHEMA_VERSION) {
    throw new StoreError(
      `${location} was written by a newer auditor (schemaVersion ${schemaVersion}, and this one reads ${STATE_SCHEMA_VERSION}); it was left as it is. Use that auditor, or name another store.`,
    );
  }
  const migration = migrations[schemaVersion];
  return migration === undefined ? state : migrated(migration(state), location, migrations);
}

function damaged({ problems }: ConfigurationError, location: string): StoreError {
  const advice =
    "Put an earlier version of it into its place, or move it away: the next audit is then a first one, which takes what it finds for the starting point.";
  return new StoreError(`${location} is damaged; it was left as it is. ${advice}\n${problemLines(problems)}`);
}

/** The first problems of a file, a line each, and how many more there are. */
export function problemLines(problems: readonly Problem[]): string {
  return firstLines(problems.map(problemLine), mostProblems).join("\n");
}

/** For `JSON.stringify`: the keys of records in one order, whatever order they were entered in. */
function withSortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => compareValues(a, b)));
}
