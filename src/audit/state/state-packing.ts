import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { compareValues } from "../../core/order.ts";
import { type Finding, findingSchema, notDescribed } from "../../schemas/finding.ts";
import { type Drift, driftSchema } from "../../schemas/report.ts";
import {
  type AuditState,
  type KnownFinding,
  knownFindingSchema,
  stateSchema,
  type UndeliveredAlerts,
} from "../../schemas/state.ts";

/** The place of an account in the organization, which the file has once for all findings of the account. */
const accountNoteSchema = findingSchema.pick({ accountName: true, organizationalUnits: true });

/** A finding as the file has it: without the fields whose value is as {@link impliedOf} has it. */
const packedFindingSchema = findingSchema.partial().required({ check: true, account: true, region: true });

/** An alert as the file has it: without the fields that are the same as in the known finding that it is about. */
export const packedAlertSchema = findingSchema.partial().required({ id: true });

const packedKnownSchema = knownFindingSchema.extend({
  finding: packedFindingSchema,
  open: z.boolean().optional().describe("Left out if true."),
  quiet: z.boolean().optional().describe("Left out if false."),
  toldAt: z
    .string()
    .optional()
    .describe("Left out if it was delivered when it was first seen, and not since."),
});

/** What a notifier is owed: alerts by their `eventId`, or, in states of version 1, as a whole. */
const packedOwedSchema = z.strictObject({
  findings: z.array(z.union([z.string(), findingSchema])).readonly(),
  drift: z.array(z.union([z.string(), driftSchema])).readonly(),
});

/**
 * The state as the file has it. Tens of thousands of findings leave out the fields that have the usual value, the file
 * has each alert only once, and a notifier that is owed the same as another one names that one.
 */
export const packedStateSchema = stateSchema.extend({
  findings: z.record(z.string(), packedKnownSchema),
  accounts: z.record(z.string(), accountNoteSchema).default({}),
  owedFindings: z.record(z.string(), packedAlertSchema).default({}),
  owedOpened: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      "The ids of findings by the eventId of the alert that they opened, if they have not changed since.",
    ),
  owedDrift: z.record(z.string(), driftSchema).default({}),
  pending: z.record(z.string(), z.union([z.string(), packedOwedSchema])),
});

/** The state as the file has it, except for the rules. */
export type PackedState = z.infer<typeof packedStateSchema>;

/** The entries of a record in the order of their keys, each made only when it is asked for: there may be 100,000. */
export type Entries<Value> = Iterable<readonly [key: string, value: Value]>;

type LargeRecords = "findings" | "owedFindings" | "owedOpened" | "owedDrift";

/** A packed state whose large records are not in memory at once. */
export type StateEntries = Omit<PackedState, LargeRecords> & {
  readonly [Name in LargeRecords]: Entries<PackedState[Name][string]>;
};

/** Packs a state for the file, entry by entry. Pure. */
export function packState(state: AuditState): StateEntries {
  const { findings, pending } = state;
  const accounts: Record<string, z.infer<typeof accountNoteSchema>> = {};
  for (const { finding } of Object.values(findings)) {
    const { account, accountName, organizationalUnits } = finding;
    accounts[account] ??= { accountName, organizationalUnits };
  }
  const alerts = new Map<string, Finding>();
  const drift = new Map<string, Drift>();
  for (const owed of Object.values(pending)) {
    for (const alert of owed.findings) if (alert.eventId !== null) alerts.set(alert.eventId, alert);
    for (const one of owed.drift) drift.set(one.eventId, one);
  }
  const context = { accounts, updatedAt: state.updatedAt };
  return {
    ...state,
    accounts,
    findings: inOrder(Object.keys(findings), (id) => packedKnown(id, findings[id], context)),
    owedFindings: inOrder([...alerts.keys()], (eventId) => {
      const alert = alerts.get(eventId);
      if (alert === undefined || isOpening(alert, findings[alert.id]?.finding)) return undefined;
      return packedAlert(alert, findings[alert.id]?.finding);
    }),
    owedOpened: inOrder([...alerts.keys()], (eventId) => {
      const alert = alerts.get(eventId);
      return alert !== undefined && isOpening(alert, findings[alert.id]?.finding) ? alert.id : undefined;
    }),
    owedDrift: inOrder([...drift.keys()], (eventId) => drift.get(eventId)),
    pending: packedPending(pending),
  };
}

function* inOrder<Value>(
  keys: readonly string[],
  entryOf: (key: string) => Value | undefined,
): Generator<readonly [string, Value]> {
  for (const key of keys.toSorted(compareValues)) {
    const value = entryOf(key);
    if (value !== undefined) yield [key, value];
  }
}

function packedKnown(
  id: string,
  known: KnownFinding | undefined,
  context: Pick<PackedState, "accounts" | "updatedAt">,
): PackedState["findings"][string] | undefined {
  if (known === undefined) return undefined;
  const { finding, toldAt, open, quiet, essence, returns, passesSince } = known;
  const { check, account, region, firstSeenAt } = finding;
  const rest = without(finding, impliedOf(id, finding, context));
  const delivered = toldAt === firstSeenAt ? {} : { toldAt };
  const others = {
    ...(open ? {} : { open }),
    ...(quiet ? { quiet } : {}),
    ...(essence === undefined ? {} : { essence }),
    ...(returns === undefined ? {} : { returns }),
    ...(passesSince === undefined ? {} : { passesSince }),
  };
  return { ...others, ...delivered, finding: { ...rest, check, account, region } };
}

/** What each notifier is owed, by `eventId`; the notifiers that are owed the same name the first of them. */
function packedPending(pending: AuditState["pending"]): PackedState["pending"] {
  const lists: (readonly [string, z.infer<typeof packedOwedSchema>])[] = [];
  const packed = Object.entries(pending).map(([notifier, alerts]) => {
    const owed = {
      findings: alerts.findings.map((finding) => finding.eventId ?? finding),
      drift: alerts.drift.map(({ eventId }) => eventId),
    };
    const same = lists.find(([, list]) => isSame(list, owed));
    if (same !== undefined) return [notifier, same[0]] as const;
    lists.push([notifier, owed]);
    return [notifier, owed] as const;
  });
  return Object.fromEntries(packed);
}

/** A contradiction between two parts of a packed state. */
export type Misfit = { readonly path: readonly PropertyKey[]; readonly message: string };

/**
 * Unpacks a state. Pure.
 *
 * @returns the contradictions instead of a state, if there are any
 */
export function unpackState({
  accounts,
  owedFindings,
  owedOpened,
  owedDrift,
  ...packed
}: PackedState): { readonly state: AuditState } | { readonly misfits: readonly Misfit[] } {
  const misfits: Misfit[] = [];
  const whole = (value: unknown, path: readonly PropertyKey[]): Finding | null => {
    const parsed = findingSchema.safeParse(value);
    if (parsed.success) return parsed.data;
    misfits.push({ path, message: "is incomplete" });
    return null;
  };
  const findings: Record<string, KnownFinding> = {};
  for (const [id, { finding: stored, open = true, quiet = false, ...known }] of Object.entries(
    packed.findings,
  )) {
    const implied = impliedOf(id, stored, { accounts, updatedAt: packed.updatedAt });
    const finding = whole({ ...implied, ...stored }, ["findings", id, "finding"]);
    if (finding !== null) {
      findings[id] = { ...known, open, quiet, toldAt: known.toldAt ?? finding.firstSeenAt, finding };
    }
  }
  const alerts = new Map<string, Finding | null>(
    Object.entries(owedFindings).map(([eventId, alert]) => {
      const finding = whole({ ...findings[alert.id]?.finding, eventId, ...alert }, ["owedFindings", eventId]);
      return [eventId, finding] as const;
    }),
  );
  for (const [eventId, id] of Object.entries(owedOpened)) {
    const known = findings[id]?.finding;
    if (known === undefined)
      misfits.push({ path: ["owedOpened", eventId], message: "names no known finding" });
    else alerts.set(eventId, { ...known, ...openedBy(known), eventId });
  }
  const unpack = (notifier: string, owed: z.infer<typeof packedOwedSchema>): UndeliveredAlerts => {
    const path = ["pending", notifier];
    const found = <T>(known: T | null | undefined, eventId: string): readonly T[] => {
      if (known === undefined) misfits.push({ path, message: `names alert ${eventId}, which is not there` });
      return known === undefined || known === null ? [] : [known];
    };
    return {
      findings: owed.findings.flatMap((one) =>
        typeof one === "string" ? found(alerts.get(one), one) : [one],
      ),
      drift: owed.drift.flatMap((one) => (typeof one === "string" ? found(owedDrift[one], one) : [one])),
    };
  };
  const lists = new Map<string, UndeliveredAlerts>();
  for (const [notifier, owed] of Object.entries(packed.pending)) {
    if (typeof owed !== "string") lists.set(notifier, unpack(notifier, owed));
  }
  const pending = Object.entries(packed.pending).flatMap(([notifier, owed]) => {
    const list = lists.get(typeof owed === "string" ? owed : notifier);
    if (list !== undefined) return [[notifier, list] as const];
    const message = `is owed the same as ${String(owed)}, which is not there`;
    misfits.push({ path: ["pending", notifier], message });
    return [];
  });
  if (misfits.length > 0) return { misfits };
  return { state: { ...packed, findings, pending: Object.fromEntries(pending) } };
}

/** Replaces the texts of findings if a registry has too many of them: see `withinBudget`. */
export const notKept = {
  message:
    "The details are not stored because there are too many of them. See the report of the audit that found this last.",
  remediation: "See the report of the audit that found this last, or audit again.",
} as const;

/** The usual values of a finding's fields. */
function impliedOf(
  id: string,
  { check, account }: Pick<Finding, "check" | "account">,
  { accounts, updatedAt }: Pick<PackedState, "accounts" | "updatedAt">,
): Partial<Finding> {
  return {
    id,
    status: "FAIL",
    ...notKept,
    data: noData,
    docs: `docs/checks/${check}.md`,
    transition: "unchanged",
    eventId: null,
    flapping: null,
    stale: false,
    waiver: null,
    lastSeenAt: updatedAt,
    ...notDescribed,
    changedBy: null,
    ...accounts[account],
  };
}

const noData: Finding["data"] = {};

/** What the alert that opened a finding has of its own. */
function openedBy({ firstSeenAt }: Finding): Pick<Finding, "transition" | "lastSeenAt"> {
  return { transition: "opened", lastSeenAt: firstSeenAt };
}

/** Whether an alert is the one that opened a known finding, which has not changed since. */
function isOpening(alert: Finding, known: Finding | undefined): boolean {
  if (known === undefined) return false;
  const differing = Object.keys(without(alert, { ...known, ...openedBy(known), eventId: alert.eventId }));
  return differing.length === 0;
}

/** An alert without the fields that the known finding has too, and without its `eventId`, which is its key. */
function packedAlert(alert: Finding, known: Finding | undefined): z.infer<typeof packedAlertSchema> {
  const { eventId: _key, ...rest } = without(alert, known);
  return { ...rest, id: alert.id };
}

/** The fields of a finding that differ from those known already. */
function without(finding: Finding, known: Partial<Finding> = {}): Partial<Finding> {
  const entries = new Map<string, unknown>(Object.entries(known));
  return Object.fromEntries(
    Object.entries(finding).filter(([key, value]) => !entries.has(key) || !isSame(entries.get(key), value)),
  );
}

/** Whether two values are the same as JSON. The order of keys does not count: the file sorts them. */
export function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === "object" && typeof b === "object" && isDeepStrictEqual(a, b));
}
