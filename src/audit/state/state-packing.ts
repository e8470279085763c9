import * as z from "zod";
import { type Finding, findingSchema } from "../../schemas/finding.ts";
import { driftSchema } from "../../schemas/report.ts";
import { type AuditState, type KnownFinding, knownFindingSchema, stateSchema } from "../../schemas/state.ts";

/** Where a finding lies, as it goes without saying for all findings of an account. */
const accountNoteSchema = findingSchema.pick({ accountName: true, organizationalUnits: true });

/** A finding as it stands in the file: without what goes without saying, as {@link impliedOf} has it. */
const packedFindingSchema = findingSchema.partial().required({ check: true, account: true, region: true });

/** An alert as it stands in the file: without what the known finding that it is about says too. */
const packedAlertSchema = findingSchema.partial().required({ id: true });

const packedKnownSchema = knownFindingSchema.extend({
  finding: packedFindingSchema,
  open: z.boolean().default(true),
  quiet: z.boolean().default(false),
  toldAt: z.string().optional().describe("Left out where it was told when it was first seen, and not again."),
});

/** What an outlet is owed: alerts by their `eventId`, or, in states of before they were shared, as a whole. */
const packedPendingSchema = z.strictObject({
  findings: z.array(z.union([z.string(), findingSchema])).readonly(),
  drift: z.array(z.union([z.string(), driftSchema])).readonly(),
});

/**
 * The state as it stands in the file. Tens of thousands of findings do without what goes without saying, and an alert
 * that is owed to several outlets stands there once.
 */
export const packedStateSchema = stateSchema.extend({
  findings: z.record(z.string(), packedKnownSchema),
  accounts: z.record(z.string(), accountNoteSchema).default({}),
  owedFindings: z.record(z.string(), packedAlertSchema).default({}),
  owedDrift: z.record(z.string(), driftSchema).default({}),
  pending: z.record(z.string(), packedPendingSchema),
});

/** The state as it stands in the file, but for the rules. */
export type PackedState = z.infer<typeof packedStateSchema>;

/** Packs a state for the file. Pure. */
export function packState(state: AuditState): PackedState {
  const { findings, pending } = state;
  const accounts: Record<string, z.infer<typeof accountNoteSchema>> = {};
  for (const { finding } of Object.values(findings)) {
    const { account, accountName, organizationalUnits } = finding;
    accounts[account] ??= { accountName, organizationalUnits };
  }
  const packed = Object.entries(findings).map(([id, { finding, toldAt, ...known }]) => {
    const { check, account, region, firstSeenAt } = finding;
    const rest = without(finding, impliedOf(id, finding, { accounts, updatedAt: state.updatedAt }));
    const delivered = toldAt === firstSeenAt ? {} : { toldAt };
    return [id, { ...known, ...delivered, finding: { ...rest, check, account, region } }] as const;
  });
  const owed = Object.values(pending);
  const alerts = owed.flatMap((alert) => alert.findings);
  return {
    ...state,
    accounts,
    findings: Object.fromEntries(packed),
    owedFindings: Object.fromEntries(
      alerts.flatMap((alert) =>
        alert.eventId === null ? [] : [[alert.eventId, packedAlert(alert, findings[alert.id]?.finding)]],
      ),
    ),
    owedDrift: Object.fromEntries(owed.flatMap(({ drift }) => drift.map((one) => [one.eventId, one]))),
    pending: Object.fromEntries(
      Object.entries(pending).map(([notifier, alert]) => [
        notifier,
        {
          findings: alert.findings.map((finding) => finding.eventId ?? finding),
          drift: alert.drift.map(({ eventId }) => eventId),
        },
      ]),
    ),
  };
}

/** What is wrong with a packed state whose parts do not fit together. */
export type Misfit = { readonly path: readonly PropertyKey[]; readonly message: string };

/**
 * The state that was packed. Pure.
 *
 * @returns what does not fit together, when anything does not
 */
export function unpackState({
  accounts,
  owedFindings,
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
  for (const [id, { finding: stored, ...known }] of Object.entries(packed.findings)) {
    const implied = impliedOf(id, stored, { accounts, updatedAt: packed.updatedAt });
    const finding = whole({ ...implied, ...stored }, ["findings", id, "finding"]);
    if (finding !== null) findings[id] = { ...known, toldAt: known.toldAt ?? finding.firstSeenAt, finding };
  }
  const alerts = new Map(
    Object.entries(owedFindings).map(([eventId, alert]) => {
      const finding = whole({ ...findings[alert.id]?.finding, eventId, ...alert }, ["owedFindings", eventId]);
      return [eventId, finding] as const;
    }),
  );
  const pending = Object.entries(packed.pending).map(([notifier, owed]) => {
    const path = ["pending", notifier];
    const found = <T>(known: T | null | undefined, eventId: string): readonly T[] => {
      if (known === undefined) misfits.push({ path, message: `names alert ${eventId}, which is not there` });
      return known === undefined || known === null ? [] : [known];
    };
    return [
      notifier,
      {
        findings: owed.findings.flatMap((one) =>
          typeof one === "string" ? found(alerts.get(one), one) : [one],
        ),
        drift: owed.drift.flatMap((one) => (typeof one === "string" ? found(owedDrift[one], one) : [one])),
      },
    ] as const;
  });
  if (misfits.length > 0) return { misfits };
  return { state: { ...packed, findings, pending: Object.fromEntries(pending) } };
}

/** Stands for the texts of findings of which a registry has too many: see `withinBudget`. */
export const notKept = {
  message:
    "What was seen is not kept, for there is too much of it. The report of the audit that saw it last has it.",
  remediation: "Read the report of the audit that saw it last, or audit again.",
} as const;

/** What goes without saying of a finding. */
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
    stale: false,
    waiver: null,
    lastSeenAt: updatedAt,
    ...accounts[account],
  };
}

const noData: Finding["data"] = {};

/** An alert without what the known finding says too, and without its `eventId`, under which it stands. */
function packedAlert(alert: Finding, known: Finding | undefined): z.infer<typeof packedAlertSchema> {
  const { eventId: _key, ...rest } = without(alert, known);
  return { ...rest, id: alert.id };
}

/** The fields of a finding that differ from what is known already. */
function without(finding: Finding, known: Partial<Finding> = {}): Partial<Finding> {
  const entries = new Map<string, unknown>(Object.entries(known));
  return Object.fromEntries(
    Object.entries(finding).filter(([key, value]) => !entries.has(key) || !isSame(entries.get(key), value)),
  );
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
}
