import { createHash } from "node:crypto";
import * as z from "zod";
import { firstLines } from "../../core/first-lines.ts";
import { sha256Of } from "../../core/ids.ts";
import { parseJson, parseStrictly, problemsWith } from "../../core/json-file.ts";
import { compareValues } from "../../core/order.ts";
import { ConfigurationError, jsonPath, type Problem, problemLine } from "../../core/problem.ts";
import { ROOT_PREFIX, ruleSchema } from "../../ecr/rule.ts";
import { sha256Schema } from "../../schemas/chain.ts";
import { driftSchema } from "../../schemas/report.ts";
import {
  type AuditState,
  knownRegistrySchema,
  STATE_SCHEMA_VERSION,
  stateSchema,
} from "../../schemas/state.ts";
import { StoreError } from "../ports.ts";
import { withinBudget } from "./state-budget.ts";
import {
  type Entries,
  packedAlertSchema,
  packedStateSchema,
  packState,
  unpackState,
} from "./state-packing.ts";

const anyText = z.string().nullable().optional();

/** A rule as the file has it: tens of thousands of rules leave out the fields with the usual value. */
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

const storedRegistrySchema = knownRegistrySchema.extend({ rules: z.array(ruleCodec).readonly() });

const storedStateSchema = packedStateSchema.extend({
  registries: z.record(z.string(), storedRegistrySchema),
  sha256: sha256Schema.optional().describe("Of everything before it in the file."),
});

/** Turns the content of a state file of one version into that of the next. */
export type Migration = (state: Readonly<Record<string, unknown>>) => unknown;

/** By the version that each starts from. Version 2 has new ways to write the same: all of version 1 is valid in it. */
const stateMigrations: Readonly<Record<number, Migration>> = {
  1: (state) => ({ ...state, schemaVersion: 2 }),
};

/** The most problems of a damaged state that an error lists; there may be one for every rule of a fleet. */
const mostProblems = 5;

/**
 * The text of a state file: compact JSON, with the same bytes for the same state. It is written entry by entry,
 * because a copy of the whole state would take hundreds of megabytes for a fleet of 5,000 registries.
 *
 * @param location where the file will be, for errors
 * @throws StoreError if the auditor could not read the text back
 */
export function serialiseState(state: AuditState, location: string): string {
  const chunks: string[] = [];
  const digest = createHash("sha256");
  for (const chunk of stateChunks(state, location)) {
    chunks.push(chunk);
    digest.update(chunk);
  }
  return `${chunks.join("")},"sha256":"${digest.digest("hex")}"}\n`;
}

/**
 * Whether the file is as the auditor wrote it: it ends with the SHA-256 of everything before that. An audit reads a file
 * that somebody has edited; only `evidence verify` asks. `null`: an older version wrote it, without a digest.
 */
export function isStateAsWritten(bytes: Uint8Array): boolean | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const last = text.subarray(-digestLength).toString("latin1");
  const [end, digest] = /^,"sha256":"([0-9a-f]{64})"\}\n$/.exec(last) ?? [];
  if (end === undefined) return text.includes('"chain":') ? false : null;
  return sha256Of(bytes.subarray(0, bytes.length - end.length)) === digest;
}

const digestLength = `,"sha256":"${"0".repeat(64)}"}\n`.length;

/** The large records of a state file, which are written entry by entry, with the schema of an entry. */
const entrySchemas = {
  findings: storedStateSchema.shape.findings.valueType,
  owedFindings: packedAlertSchema,
  owedOpened: z.string(),
  owedDrift: driftSchema,
  registries: storedRegistrySchema,
} as const;

function* stateChunks(state: AuditState, location: string): Generator<string> {
  const { findings, owedFindings, owedOpened, owedDrift, registries, ...rest } = packState(
    withinBudget(state),
  );
  const schemas = entrySchemas;
  const large: Readonly<Record<string, () => Generator<string>>> = {
    findings: () => entryChunks("findings", findings, schemas.findings, location),
    owedDrift: () => entryChunks("owedDrift", owedDrift, schemas.owedDrift, location),
    owedFindings: () => entryChunks("owedFindings", owedFindings, schemas.owedFindings, location),
    owedOpened: () => entryChunks("owedOpened", owedOpened, schemas.owedOpened, location),
    registries: () => entryChunks("registries", sortedEntries(registries), schemas.registries, location),
  };
  const small = encoded(storedStateSchema.omit(smallOnly), rest, [], location);
  const entries = new Map<string, unknown>(Object.entries(small));
  let separator = "{";
  for (const key of [...entries.keys(), ...Object.keys(large)].toSorted(compareValues)) {
    yield `${separator}${JSON.stringify(key)}:`;
    separator = ",";
    if (large[key] === undefined) yield JSON.stringify(entries.get(key), withSortedKeys);
    else yield* large[key]();
  }
}

const smallOnly = {
  findings: true,
  owedFindings: true,
  owedOpened: true,
  owedDrift: true,
  registries: true,
} as const;

function sortedEntries<Value>(record: Readonly<Record<string, Value>>): Entries<Value> {
  return Object.entries(record).toSorted(([a], [b]) => compareValues(a, b));
}

function* entryChunks<Schema extends z.ZodType>(
  name: string,
  entries: Entries<z.output<Schema>>,
  schema: Schema,
  location: string,
): Generator<string> {
  let separator = "{";
  for (const [key, value] of entries) {
    const entry = encoded(schema, value, [name, key], location);
    yield `${separator}${JSON.stringify(key)}:${JSON.stringify(entry, withSortedKeys)}`;
    separator = ",";
  }
  yield separator === "{" ? "{}" : "}";
}

/** @throws StoreError if the value does not match its schema */
function encoded<Schema extends z.ZodType>(
  schema: Schema,
  value: z.output<Schema>,
  path: readonly PropertyKey[],
  location: string,
): z.input<Schema> {
  const result = z.safeEncode(schema, value);
  if (result.success) return result.data;
  const why = "the auditor could not read back what it was about to write. Report this fault of the auditor:";
  const issues = result.error.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
  throw new StoreError(
    `${location} was left as it is: ${why}\n${problemLines(problemsWith(storedStateSchema, issues))}`,
  );
}

/**
 * Reads the text of a state file.
 *
 * @param location where the file is, for errors
 * @throws StoreError if it is damaged, from another product, or of a newer version
 */
export function parseState(
  text: string,
  location: string,
  migrations: Readonly<Record<number, Migration>> = stateMigrations,
): AuditState {
  try {
    const stored = migrated(parseJson(text, location), location, migrations);
    const { sha256: _digest, ...packed } = parseStrictly(storedStateSchema, stored, location);
    const unpacked = unpackState(packed);
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

/** The first problems of a file, one per line, and the number of the others. */
export function problemLines(problems: readonly Problem[]): string {
  return firstLines(problems.map(problemLine), mostProblems).join("\n");
}

/** For `JSON.stringify`: sorts the keys of records. */
function withSortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => compareValues(a, b)));
}
