import * as z from "zod";
import { dayOf } from "../../core/days.ts";
import { jsonPath, type Problem } from "../../core/problem.ts";
import { partsAt } from "../file-parts.ts";
import { waiverSchema } from "../sections/waivers.ts";
import type { LintContext } from "./lint-rule.ts";

const { expires } = waiverSchema.shape;

/** Waivers that no longer waive anything. */
export function expiredWaivers(file: unknown, { now }: LintContext): readonly Problem[] {
  return partsAt(file, ["waivers"], z.object({ expires }))
    .filter(({ value }) => dayOf(new Date(value.expires)) < dayOf(now))
    .map(({ keys, value }) => ({
      path: jsonPath([...keys, "expires"]),
      message: `has expired: ${value.expires} was the last day on which the waiver was valid`,
    }));
}
