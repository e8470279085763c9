import * as z from "zod";
import { type Keys, keysAt, type Part, partsAt } from "../file-parts.ts";
import { anyNamePatternsSchema } from "../sections/where.ts";
import { requiredLists } from "./entries.ts";

/** The keys of every object in a file that selects registries: of requirements, overrides, waivers, owners and routes. */
export function placesIn(file: unknown): readonly Keys[] {
  const entriesOf = (list: Keys) => keysAt(file, list).map((key) => [...list, key]);
  const wheres = [["overrides"], ["owners"], ["notifications", "routes"]]
    .flatMap(entriesOf)
    .map((entry) => [...entry, "where"]);
  return [...requiredLists(file).flatMap(entriesOf), ...wheres, ...entriesOf(["waivers"])];
}

/** The keys of every entry of `allowedUpstreams`, of the policy and of its overrides. */
export function upstreamsIn(file: unknown): readonly Keys[] {
  return upstreamLists(file).flatMap((list) => keysAt(file, list).map((key) => [...list, key]));
}

/** The paths of the list in the policy and of those in its overrides. */
export function upstreamLists(file: unknown): readonly Keys[] {
  const ofOverrides = keysAt(file, ["overrides"]).map((key) => ["overrides", key, "set", "allowedUpstreams"]);
  return [["allowedUpstreams"], ...ofOverrides];
}

/** Every name or pattern in the lists at `key` of these objects. */
export function namesAt(file: unknown, objects: readonly Keys[], key: string): readonly Part<string>[] {
  const [name] = [anyNamePatternsSchema.unwrap().element];
  return objects.flatMap((keys) => partsAt(file, [...keys, key], z.string().pipe(name)));
}
