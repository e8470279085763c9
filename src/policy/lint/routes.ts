import * as z from "zod";
import { keysAt, partsAt } from "../file-parts.ts";
import { matchesName } from "../matching.ts";
import { jsonPath, type Problem } from "../problem.ts";
import type { LintContext } from "./lint-rule.ts";

/** Routes for checks that there are not. */
export function unknownChecksInRoutes(file: unknown, { checks }: LintContext): readonly Problem[] {
  const routes = ["notifications", "routes"];
  return keysAt(file, routes)
    .flatMap((route) => partsAt(file, [...routes, route, "where", "checks"], z.string().min(1)))
    .filter(({ value }) => !checks.some((id) => matchesName(value, id)))
    .map(({ keys }) => ({
      path: jsonPath(keys),
      message: `names no check; the checks are ${checks.join(", ")}`,
    }));
}
