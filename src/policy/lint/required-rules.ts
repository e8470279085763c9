import { jsonPath, type Problem } from "../../core/problem.ts";
import { matchesAnyName } from "../../core/wildcards.ts";
import { isNestedIn, isSamePrefix, withoutSlash } from "../../ecr/prefix.ts";
import { ROOT_PREFIX } from "../../ecr/rule.ts";
import { isKnownUpstream, upstreamHost } from "../../ecr/upstream.ts";
import { matchesExpression } from "../matching/matching.ts";
import { listsMeet } from "../matching/patterns.ts";
import type { RequiredRule } from "../sections/required-rules.ts";
import { type Admitting, entriesOf, type LintEntry, type Naming, patternsMeet } from "./entries.ts";

/** Required rules that cannot coexist in one registry. */
export function conflictingRequirements(file: unknown): readonly Problem[] {
  return entriesOf(file).flatMap((lintEntries) =>
    lintEntries.flatMap((one, index) =>
      lintEntries
        .slice(0, index)
        .filter((earlier) => patternsMeet(earlier.required.value, one.required.value) === "yes")
        .flatMap((earlier) => [
          ...sharedPrefix(earlier, one),
          ...overlap(earlier, one),
          ...overlap(one, earlier),
        ]),
    ),
  );
}

function sharedPrefix(earlier: LintEntry, later: LintEntry): readonly Problem[] {
  const { prefix, registry } = later.required.value;
  const other = earlier.required.value;
  if (!isSamePrefix(other.prefix, prefix) || other.registry === registry) return [];
  const message = `is required for the prefix ${prefix}, for which ${jsonPath(earlier.required.keys)} requires ${other.registry}`;
  return [{ path: jsonPath([...later.required.keys, "registry"]), message }];
}

function overlap({ required: outer }: LintEntry, { required: inner, naming }: LintEntry): readonly Problem[] {
  if (naming?.overlap !== "forbid") return [];
  const around = withoutSlash(outer.value.prefix);
  const within = withoutSlash(inner.value.prefix);
  if (around === within || around === ROOT_PREFIX || !isNestedIn(within, around)) return [];
  const message = `is required, but is nested inside ${around} of ${jsonPath(outer.keys)}, which prefixes.overlap forbids`;
  return [{ path: jsonPath([...inner.keys, "prefix"]), message }];
}

type Flaw = { readonly key: keyof RequiredRule; readonly message: string };

/** Required rules that violate the policy itself. */
export function contradictedRequirements(file: unknown): readonly Problem[] {
  return entriesOf(file).flat().flatMap(problemsOf);
}

function problemsOf({ required: { keys, value }, upstreams, naming }: LintEntry): readonly Problem[] {
  const flaws = [
    ...(upstreams === null ? [] : upstreamFlaws(value, upstreams)),
    ...(naming === null ? [] : namingFlaws(value, naming)),
  ];
  return flaws.map(({ key, message }) => ({ path: jsonPath([...keys, key]), message }));
}

function* upstreamFlaws(
  { prefix, registry, urls }: RequiredRule,
  upstreams: readonly Admitting[],
): Generator<Flaw> {
  const entries = upstreams.filter((entry) => entry.registry === registry && hostsMeet(entry.urls, urls));
  // Another lint rule reports an unknown registry.
  if (entries.length === 0 && !isKnownUpstream(registry)) return;
  if (entries.length === 0) {
    yield { key: "registry", message: "is required, but no entry of allowedUpstreams allows it" };
    return;
  }
  const given = entries.flatMap(({ prefixes }) => prefixes ?? ["*"]);
  if (prefix === ROOT_PREFIX || matchesAnyName(given.map(withoutSlash), withoutSlash(prefix))) return;
  const message = `is required for ${registry}, for which allowedUpstreams allows only ${given.join(" or ")}`;
  yield { key: "prefix", message };
}

function hostsMeet(some: readonly string[] | undefined, others: readonly string[] = []): boolean {
  if (some === undefined || others.length === 0) return true;
  return listsMeet(some.map(upstreamHost), others.map(upstreamHost));
}

function* namingFlaws(
  { prefix }: RequiredRule,
  { pattern, maxLength = Number.POSITIVE_INFINITY, root }: Naming,
): Generator<Flaw> {
  if (prefix === ROOT_PREFIX) {
    if (root === "forbid") yield { key: "prefix", message: "is required, but prefixes.root forbids it" };
    return;
  }
  const bare = withoutSlash(prefix);
  if (pattern !== undefined && !matchesExpression(pattern, bare)) {
    yield { key: "prefix", message: `is required, but does not match prefixes.pattern (${pattern})` };
  }
  if (bare.length > maxLength) {
    yield { key: "prefix", message: `is required, but longer than prefixes.maxLength (${maxLength})` };
  }
}
