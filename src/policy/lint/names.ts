import * as z from "zod";
import { closest, didYouMean, isOneOff } from "../../core/closest.ts";
import { jsonPath, type Problem } from "../../core/problem.ts";
import { matchesName } from "../../core/wildcards.ts";
import { partitionOf } from "../../ecr/partition.ts";
import { knownRegions } from "../../ecr/regions.ts";
import { regionSchema } from "../../ecr/target.ts";
import {
  authenticationOf,
  isKnownUpstream,
  type KnownUpstream,
  upstreamHost,
  upstreams,
} from "../../ecr/upstream.ts";
import { type Keys, keysAt, type Part, partAt, partsAt } from "../file-parts.ts";
import { listsMeet, patternsMeet } from "../matching/patterns.ts";
import { ownerEntrySchema } from "../sections/owners.ts";
import { namesAt, placesIn, upstreamsIn } from "./places.ts";

const isPattern = (name: string) => /[*?]/.test(name);

function problem({ keys }: Part<string>, message: string): Problem {
  return { path: jsonPath(keys), message };
}

/** Regions that AWS does not have, and patterns that match none. */
export function unknownRegions(file: unknown): readonly Problem[] {
  // The schema validates the form of regions in the scope, which take no patterns.
  const inScope = partsAt(file, ["scope", "regions"], regionSchema);
  return [
    ...[...inScope, ...namesAt(file, [...placesIn(file), ...upstreamsIn(file)], "regions")]
      .filter(({ value }) => !knowsRegion(value))
      .map((part) =>
        problem(
          part,
          isPattern(part.value)
            ? "does not match any region that this version knows"
            : `is not a region that this version knows${didYouMean(part.value, knownRegions)}`,
        ),
      ),
    ...topics(file).flatMap(topicProblems),
  ];
}

/** Whether a name is a region, or a pattern that matches one. */
export function knowsRegion(name: string): boolean {
  return knownRegions.some((region) => matchesName(name, region));
}

function topics(file: unknown): readonly Part<string>[] {
  const routes = ["notifications", "routes"];
  return [
    ...keysAt(file, routes).map((key) => [...routes, key, "topicArn"]),
    ["notifications", "escalate", "topicArn"],
  ].flatMap((keys) => partAt(file, keys, z.string()));
}

function topicProblems(topic: Part<string>): readonly Problem[] {
  const [, partition, service, region = ""] = topic.value.split(":");
  if (service !== "sns") return [];
  if (!knowsRegion(region)) {
    return [
      problem(
        topic,
        `is in ${region}, which is not a region that this version knows${didYouMean(region, knownRegions)}`,
      ),
    ];
  }
  const { id } = partitionOf(region);
  return partition === id ? [] : [problem(topic, `is in ${region}, whose ARNs begin with arn:${id}:`)];
}

/** Account ids that are none, and patterns that match none. The schema validates lists that take no patterns. */
export function impossibleAccounts(file: unknown): readonly Problem[] {
  return namesAt(file, [...placesIn(file), ...upstreamsIn(file)], "accounts")
    .filter(({ value }) => !mayBeAccount(value))
    .map((part) => problem(part, "is not a 12-digit account id, and matches none"));
}

/** Whether a name is an account id, or a pattern that matches one. */
export function mayBeAccount(name: string): boolean {
  const length = Array.from(name.replaceAll("*", "")).length;
  return /^[\d*?]+$/.test(name) && (name.includes("*") ? length <= 12 : length === 12);
}

/**
 * Names of secrets that no rule can have: ECR accepts only secrets whose names begin with `ecr-pullthroughcache/`, of the
 * characters that Secrets Manager allows (Amazon ECR user guide, "Storing your upstream repository credentials in an AWS
 * Secrets Manager secret", November 2026).
 */
export function impossibleSecrets(file: unknown): readonly Problem[] {
  // The schema refuses secrets for upstreams that take none.
  const entries = upstreamsIn(file).filter((entry) => authenticationAt(file, entry) === "secret");
  return namesAt(file, entries, "secretNames")
    .filter(({ value }) => !patternsMeet(value, "ecr-pullthroughcache/?*") || !/^[\w/+=.@*?-]+$/.test(value))
    .map((part) =>
      problem(
        part,
        `can never match: names of secrets for rules begin with ecr-pullthroughcache/${meant(part.value)}`,
      ),
    );
}

function authenticationAt(file: unknown, entry: Keys) {
  return partAt(file, [...entry, "registry"], z.string()).map(({ value }) => authenticationOf(value))[0];
}

function meant(name: string): string {
  const [first = "", ...rest] = name.split("/");
  if (rest.length === 0 || first === "ecr-pullthroughcache") return "";
  return closest(first, ["ecr-pullthroughcache"]) === null
    ? ""
    : `; did you mean ${JSON.stringify(["ecr-pullthroughcache", ...rest].join("/"))}?`;
}

/** Hosts that the upstream registry cannot have. */
export function impossibleHosts(file: unknown): readonly Problem[] {
  return upstreamsIn(file).flatMap((entry) => {
    const [registry] = partAt(file, [...entry, "registry"], z.string());
    if (registry === undefined || !isKnownUpstream(registry.value)) return [];
    const hosts = hostsOf(registry.value);
    return namesAt(file, [entry], "urls")
      .filter(({ value }) => !listsMeet([upstreamHost(value)], hosts))
      .map((part) =>
        problem(
          part,
          `can never match: hosts of ${registry.value} are ${hosts.join(" or ")}${didYouMean(part.value, hosts)}`,
        ),
      );
  });
}

function hostsOf(registry: KnownUpstream): readonly string[] {
  if (registry === "ecr") return ["*.dkr.ecr.*", "*.dkr.ecr-fips.*", "*.dkr-ecr.*", "*.dkr-ecr-fips.*"];
  const { host } = upstreams[registry];
  return [host ?? "*.azurecr.io"];
}

const principals = ["aws", "aws-*"].flatMap((partition) =>
  ["iam", "sts"].map((service) => `arn:${partition}:${service}::*:*`),
);

/** Principals that are ARNs, but none of IAM: changes are made by users and roles. */
export function impossiblePrincipals(file: unknown): readonly Problem[] {
  return namesAt(file, [["changes"], ...settings(file, "changes")], "allowedPrincipals")
    .filter(({ value }) => value.startsWith("arn:"))
    .filter(({ value }) => !listsMeet([value], principals))
    .map((part) =>
      problem(part, "can never match: ARNs of principals look like arn:aws:iam::111122223333:role/deploy"),
    );
}

function settings(file: unknown, section: string): readonly Keys[] {
  return keysAt(file, ["overrides"]).map((key) => ["overrides", key, "set", section]);
}

/** Routes for owners that the policy does not name. The owners of accounts are known to AWS Organizations alone. */
export function unknownOwners(file: unknown): readonly Problem[] {
  if (partAt(file, ["owners"], z.string()).length > 0) return [];
  const owners = partsAt(file, ["owners"], z.object({ name: ownerEntrySchema.shape.name })).map(
    ({ value }) => value.name,
  );
  if (owners.length < keysAt(file, ["owners"]).length) return [];
  const routes = keysAt(file, ["notifications", "routes"]).map((key) => [
    "notifications",
    "routes",
    key,
    "where",
  ]);
  return namesAt(file, routes, "owners")
    .filter(({ value }) => !owners.some((owner) => matchesName(value, owner)))
    .map((part) => problem(part, `does not match any owner of the policy${didYouMean(part.value, owners)}`));
}

/**
 * Ids of accounts and organizational units that are one character off another id of the file. The id that the scope holds
 * or that occurs more often is taken for the right one, and of equals the first.
 */
export function nearMisses(file: unknown): readonly Problem[] {
  const registryPolicies = [["registryPolicy"], ...settings(file, "registryPolicy")];
  const places = [["scope"], ...placesIn(file)];
  return [
    ...oneOffs(
      namesAt(file, [["scope"]], "organizationalUnits").length,
      namesAt(file, places, "organizationalUnits"),
    ),
    ...oneOffs(
      namesAt(file, [["scope"]], "accounts").length,
      [
        ...namesAt(file, [...places, ...upstreamsIn(file)], "accounts"),
        ...namesAt(file, [["scope"]], "excludeAccounts"),
        ...namesAt(file, registryPolicies, "trustedAccounts"),
      ].filter(({ value }) => /^\d{12}$/.test(value)),
    ),
  ];
}

/** @param sure how many of the first ids are right */
function oneOffs(sure: number, ids: readonly Part<string>[]): readonly Problem[] {
  const counts = Map.groupBy(ids, ({ value }) => value);
  const countOf = (id: string) => counts.get(id)?.length ?? 0;
  return ids.slice(sure).flatMap((part, index) => {
    const position = sure + index;
    const isRight = ids.slice(0, sure).some(({ value }) => value === part.value);
    const right = isRight
      ? undefined
      : ids.find(
          (other, at) =>
            isOneOff(other.value, part.value) &&
            (at < sure ||
              countOf(other.value) > countOf(part.value) ||
              (countOf(other.value) === countOf(part.value) && at < position)),
        );
    if (right === undefined) return [];
    return [
      problem(
        part,
        `is one character off ${right.value} of ${jsonPath(right.keys)}; did you mean ${JSON.stringify(right.value)}?`,
      ),
    ];
  });
}
