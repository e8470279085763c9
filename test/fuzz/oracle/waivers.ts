import type { PolicyFile } from "../../support/builders.ts";
import type { Answer, Place } from "./model.ts";
import { bare, fits, isNamed } from "./wildcards.ts";

type Waiver = NonNullable<PolicyFile["waivers"]>[number];

/** Waives failures, and records which waivers were used. */
export type Waiving = {
  readonly applied: (answer: Answer, place: Place) => Answer;
  /** The reasons of the waivers that people must look at. */
  readonly notices: () => Readonly<Record<"expired" | "expiring" | "unused", readonly string[]>>;
};

/** The waivers of a policy as they hold on a day. */
export function waivingOn({ waivers = [] }: PolicyFile, today: string): Waiving {
  const inForce = waivers.filter(({ expires }) => expires >= today);
  const soon = new Date(Date.parse(today) + 14 * 86_400_000).toISOString().slice(0, 10);
  const needed = new Set<Waiver>();
  const reasons = (some: readonly Waiver[]) => some.map(({ reason }) => reason).sort();
  return {
    applied: (answer, place) => {
      const waiver = answer.status === "FAIL" ? inForce.find((one) => holds(one, answer, place)) : undefined;
      if (waiver === undefined) return answer;
      needed.add(waiver);
      return { ...answer, status: "WAIVED" };
    },
    notices: () => ({
      expired: reasons(waivers.filter(({ expires }) => expires < today)),
      expiring: reasons(inForce.filter(({ expires }) => expires <= soon)),
      unused: reasons(inForce.filter((one) => !needed.has(one))),
    }),
  };
}

function holds({ check, accounts, regions, prefixes }: Waiver, answer: Answer, place: Place): boolean {
  const isPrefix =
    answer.prefix === null
      ? prefixes === undefined || prefixes.length === 0 || prefixes.includes("*")
      : isNamed(prefixes?.map(bare), bare(answer.prefix));
  return (
    fits(check, answer.check) &&
    isNamed(accounts, place.account) &&
    isNamed(regions, place.region) &&
    isPrefix
  );
}
