import { compareValues } from "../core/order.ts";
import { registryKey } from "../ecr/registry.ts";
import type { Evidence } from "../schemas/evidence.ts";
import type { PeriodReport } from "./period-report.ts";

type Unread = Evidence["unread"][number];
type UnreadRegistry = Omit<Unread, "regions"> & { readonly region: string };

/** Follows which registries the audits of the whole scope could not read, or not in full, and why. */
export function openUnread() {
  const registries = new Map<string, UnreadRegistry>();
  return {
    add: ({ startedAt, coverage }: PeriodReport): void => {
      const day = startedAt.slice(0, "2026-10-02".length);
      for (const [key, gaps] of Map.groupBy(coverage.gaps, registryKey)) {
        const [first] = gaps;
        if (first === undefined) continue;
        const { account, accountName, region } = first;
        const known = registries.get(key) ?? { audits: 0, from: day, to: day, reasons: [] };
        const reasons = new Set([...known.reasons, ...gaps.map(({ reason }) => reason)]);
        registries.set(key, {
          ...{ account, accountName, region },
          audits: known.audits + 1,
          // The clock may have been set back.
          from: known.from < day ? known.from : day,
          to: known.to > day ? known.to : day,
          reasons: [...reasons].toSorted(compareValues),
        });
      }
    },
    /** The registries, most often unread first. Those of an account that were unread alike are one. */
    result: (): readonly Unread[] =>
      [...Map.groupBy(registries.values(), ({ region: _region, ...alike }) => JSON.stringify(alike)).values()]
        .flatMap(([first, ...others]) => {
          if (first === undefined) return [];
          const { region, ...alike } = first;
          return [
            { ...alike, regions: [region, ...others.map((one) => one.region)].toSorted(compareValues) },
          ];
        })
        .toSorted(
          (a, b) =>
            b.audits - a.audits ||
            compareValues(a.account, b.account) ||
            compareValues(a.regions.join(), b.regions.join()),
        ),
  };
}
