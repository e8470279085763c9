import * as z from "zod";
import { didYouMean } from "../../core/closest.ts";
import { jsonPath, type Problem } from "../../core/problem.ts";
import { withoutSlash } from "../../ecr/prefix.ts";
import { isKnownUpstream, knownUpstreams, upstreamHost } from "../../ecr/upstream.ts";
import { type Part, partsAt } from "../file-parts.ts";
import { listCovers } from "../matching/patterns.ts";
import {
  type AllowedUpstream,
  allowedUpstreamSchema,
  upstreamNameSchema,
} from "../sections/allowed-upstreams.ts";
import { requiredLists } from "./entries.ts";
import { upstreamLists } from "./places.ts";

/** Upstreams, allowed or required, that this version does not know: a newer registry or a typo. */
export function unknownUpstreams(file: unknown): readonly Problem[] {
  return [...upstreamLists(file), ...requiredLists(file)]
    .flatMap((list) => partsAt(file, list, z.object({ registry: upstreamNameSchema })))
    .filter(({ value }) => !isKnownUpstream(value.registry))
    .map(({ keys, value }) => ({
      path: jsonPath([...keys, "registry"]),
      message: `is not known to this version, which knows ${knownUpstreams.join(", ")}${didYouMean(value.registry, knownUpstreams)}`,
    }));
}

/** `allowedUpstreams` entries that do not allow anything beyond an earlier entry. */
export function redundantUpstreams(file: unknown): readonly Problem[] {
  return upstreamLists(file).flatMap((list) => {
    const entries = partsAt(file, list, allowedUpstreamSchema);
    return entries.flatMap((entry, index) => {
      const earlier = entries.slice(0, index).find((other) => allowsAllOf(other, entry));
      if (earlier === undefined) return [];
      return [
        {
          path: jsonPath(entry.keys),
          message: `is redundant: ${jsonPath(earlier.keys)} allows everything that it allows`,
        },
      ];
    });
  });
}

function allowsAllOf(
  { value: wide }: Part<AllowedUpstream>,
  { value: narrow }: Part<AllowedUpstream>,
): boolean {
  return (
    wide.registry === narrow.registry &&
    listCovers(wide.urls?.map(upstreamHost), narrow.urls?.map(upstreamHost)) &&
    listCovers(wide.prefixes?.map(withoutSlash), narrow.prefixes?.map(withoutSlash)) &&
    listCovers(wide.secretNames, narrow.secretNames) &&
    listCovers(wide.accounts, narrow.accounts) &&
    listCovers(wide.regions, narrow.regions) &&
    listCovers(wide.upstreamPrefixes, narrow.upstreamPrefixes) &&
    listCovers(wide.roleNames, narrow.roleNames)
  );
}
