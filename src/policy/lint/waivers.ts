import * as z from "zod";
import { dayOf } from "../../core/days.ts";
import { jsonPath, type Problem } from "../../core/problem.ts";
import { matchesName } from "../../core/wildcards.ts";
import { partsAt } from "../file-parts.ts";
import { waiverSchema } from "../sections/waivers.ts";
import type { LintContext } from "./lint-rule.ts";

const { check, expires } = waiverSchema.shape;

/** Waivers that waive nothing: their last day is over, or there is no such check. */
export function idleWaivers(file: unknown, { checks, now }: LintContext): readonly Problem[] {
  return [...endedWaivers(file, now), ...waiversOfNoCheck(file, checks)];
}

function endedWaivers(file: unknown, now: Date): readonly Problem[] {
  return partsAt(file, ["waivers"], z.object({ expires }))
    .filter(({ value }) => dayOf(new Date(value.expires)) < dayOf(now))
    .map(({ keys, value }) => ({
      path: jsonPath([...keys, "expires"]),
      message: `is over: ${value.expires} was the last day on which the waiver held`,
    }));
}

function waiversOfNoCheck(file: unknown, checks: readonly string[]): readonly Problem[] {
  return partsAt(file, ["waivers"], z.object({ check }))
    .filter(({ value }) => !checks.some((id) => matchesName(value.check, id)))
    .map(({ keys }) => ({
      path: jsonPath([...keys, "check"]),
      message: `names no check; the checks are ${checks.join(", ")}`,
    }));
}
