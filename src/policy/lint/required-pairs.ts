import { ROOT_PREFIX } from "../../model/rule.ts";
import { isSamePrefix, liesWithin, withoutSlash } from "../prefix.ts";
import { jsonPath, type Problem } from "../problem.ts";
import { placesMeet } from "./meeting.ts";
import { type Standing, standingsOf } from "./standing.ts";

/** Required rules that can not both be in one registry. */
export function conflictingRequirements(file: unknown): readonly Problem[] {
  return standingsOf(file).flatMap((standings) =>
    standings.flatMap((one, index) =>
      standings
        .slice(0, index)
        .filter((earlier) => placesMeet(earlier.required.value, one.required.value) === "yes")
        .flatMap((earlier) => [
          ...sharedPrefix(earlier, one),
          ...overlap(earlier, one),
          ...overlap(one, earlier),
        ]),
    ),
  );
}

function sharedPrefix(earlier: Standing, later: Standing): readonly Problem[] {
  const { prefix, registry } = later.required.value;
  const other = earlier.required.value;
  if (!isSamePrefix(other.prefix, prefix) || other.registry === registry) return [];
  const message = `is required under ${prefix}, under which ${jsonPath(earlier.required.keys)} requires ${other.registry}`;
  return [{ path: jsonPath([...later.required.keys, "registry"]), message }];
}

function overlap({ required: outer }: Standing, { required: inner, naming }: Standing): readonly Problem[] {
  if (naming?.overlap !== "forbid") return [];
  const around = withoutSlash(outer.value.prefix);
  const within = withoutSlash(inner.value.prefix);
  if (around === within || around === ROOT_PREFIX || !liesWithin(within, around)) return [];
  const message = `is required, but lies inside ${around} of ${jsonPath(outer.keys)}, which prefixes.overlap forbids`;
  return [{ path: jsonPath([...inner.keys, "prefix"]), message }];
}
