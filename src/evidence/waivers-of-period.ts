import { compareValues } from "../core/order.ts";
import type { Evidence } from "../schemas/evidence.ts";
import type { PeriodReport } from "./period-report.ts";

type PeriodWaiver = Evidence["waivers"][number];
type Noted = Pick<PeriodWaiver, "reason" | "owner" | "ticket" | "expires"> & { readonly check: string };

/** Follows which waivers accepted which findings in a period, and which were in the policy without being needed. */
export function openWaivers() {
  const waivers = new Map<string, PeriodWaiver>();
  const accepted = new Map<string, Set<string>>();
  const waiverAt = ({ check, reason, owner, ticket, expires }: Noted) => {
    const key = JSON.stringify([owner, reason, ticket, expires]);
    const blank = {
      checks: [],
      reason,
      owner,
      ticket,
      expires,
      findings: 0,
      firstUsed: null,
      lastUsed: null,
    };
    const known: PeriodWaiver = waivers.get(key) ?? blank;
    const checks = known.checks.includes(check)
      ? known.checks
      : [...known.checks, check].toSorted(compareValues);
    return [key, { ...known, checks }] as const;
  };
  return {
    add: ({ startedAt, findings, waivers: { expired, expiring, unused } }: PeriodReport): void => {
      const day = startedAt.slice(0, "2026-10-02".length);
      for (const notice of [...expired, ...expiring, ...unused]) {
        const [key, waiver] = waiverAt(notice);
        waivers.set(key, waiver);
      }
      for (const { id, check, status, waiver } of findings) {
        if (waiver === null || status !== "WAIVED") continue;
        const [key, known] = waiverAt({ ...waiver, check });
        const ids = (accepted.get(key) ?? new Set()).add(id);
        accepted.set(key, ids);
        // The clock may have been set back.
        const days = [day, known.firstUsed ?? day, known.lastUsed ?? day].toSorted(compareValues);
        const [firstUsed = day, , lastUsed = day] = days;
        waivers.set(key, { ...known, findings: ids.size, firstUsed, lastUsed });
      }
    },
    result: (): readonly PeriodWaiver[] =>
      [...waivers].toSorted(([a], [b]) => compareValues(a, b)).map(([, waiver]) => waiver),
  };
}
