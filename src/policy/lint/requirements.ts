import { ROOT_PREFIX } from "../../model/rule.ts";
import { upstreamHost } from "../../model/upstream.ts";
import { matchesAnyName, matchesExpression } from "../matching.ts";
import { listsMeet } from "../patterns.ts";
import { withoutSlash } from "../prefix.ts";
import { jsonPath, type Problem } from "../problem.ts";
import type { RequiredRule } from "../sections/required-rules.ts";
import { type Admitting, type Naming, type Standing, standingsOf } from "./standing.ts";

type Flaw = { readonly key: keyof RequiredRule; readonly message: string };

/** Required rules that the policy itself would fail. */
export function contradictedRequirements(file: unknown): readonly Problem[] {
  return standingsOf(file).flat().flatMap(problemsOf);
}

function problemsOf({ required: { keys, value }, upstreams, naming }: Standing): readonly Problem[] {
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
  if (entries.length === 0) {
    yield { key: "registry", message: "is required, but no entry of allowedUpstreams allows it" };
    return;
  }
  const given = entries.flatMap(({ prefixes }) => prefixes ?? ["*"]);
  if (prefix === ROOT_PREFIX || matchesAnyName(given.map(withoutSlash), withoutSlash(prefix))) return;
  const message = `is required for ${registry}, to which allowedUpstreams gives ${given.join(" or ")}`;
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
