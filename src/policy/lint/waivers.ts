import * as z from "zod";
import { dayOf } from "../../core/days.ts";
import { jsonPath, type Problem } from "../../core/problem.ts";
import { matchesName } from "../../core/wildcards.ts";
import { partsAt } from "../file-parts.ts";
import { waiverSchema } from "../sections/waivers.ts";
import type { LintContext } from "./lint-rule.ts";

const { check, expires } = waiverSchema.shape;

/** Waivers without effect: they have expired, or their check does not exist. */
export function ineffectiveWaivers(file: unknown, { checks, now }: LintContext): readonly Problem[] {
  return [...expiredWaivers(file, now), ...waiversWithoutCheck(file, checks)];
}

function expiredWaivers(file: unknown, now: Date): readonly Problem[] {
  return partsAt(file, ["waivers"], z.object({ expires }))
    .filter(({ value }) => dayOf(new Date(value.expires)) < dayOf(now))
    .map(({ keys, value }) => ({
      path: jsonPath([...keys, "expires"]),
      message: `has expired: ${value.expires} was the last day on which the waiver was valid`,
    }));
}

function waiversWithoutCheck(file: unknown, checks: readonly string[]): readonly Problem[] {
  return partsAt(file, ["waivers"], z.object({ check }))
    .filter(({ value }) => !checks.some((id) => matchesName(value.check, id)))
    .map(({ keys }) => ({
      path: jsonPath([...keys, "check"]),
      message: `does not match any check; the checks are ${checks.join(", ")}`,
    }));
}
