import { inputLimits } from "../../core/input-limits.ts";
import type { TemplateContext } from "../cloudformation/context.ts";
import { unresolvedVariable } from "../cloudformation/intrinsics.ts";
import { type Entry, entriesOf, type Source, textOf, valueUnder } from "../source-tree.ts";

/** The innermost variable of a text. Those of CloudFormation, such as `${AWS::Region}` and `${Name}`, are none. */
const innermost = /\$\{(?<sources>\s*\w+(?:\([^)]*\))?:(?!:)[^${}]*|\s*\w+\([^)]*\)[^${}]*)\}/;

/** How often variables within variables are resolved. */
const mostRounds = 10;

/** What a source of a variable is: a value, or nothing, so that the next source counts, or not known. */
type Found = Source | "missing" | "unknown";

/** Resolves the variables of a serverless.yml (Serverless Framework guide, "Variables", November 2026). */
export type VariableResolver = (part: Source) => Source;

/**
 * Creates a resolver that replaces variables with the values of the file, the deployment and `--parameter`. A text with
 * a variable that is not known becomes a pseudo function with an unknown value. A variable that is all of a text may
 * stand for a list or a map. What several aliases refer to is resolved once.
 */
export function variableResolver(root: Source, context: TemplateContext): VariableResolver {
  const resolved = new Map<Source, Source>();
  const underWay = new Set<Source>();

  const resolve: VariableResolver = (part) => {
    const before = resolved.get(part);
    if (before !== undefined) return before;
    if (underWay.has(part)) return unresolved(part);
    underWay.add(part);
    const whole = resolveOnce(part);
    underWay.delete(part);
    resolved.set(part, whole);
    return whole;
  };

  const resolveOnce: VariableResolver = (part) => {
    if (part.kind === "list") return { ...part, items: part.items.map(resolve) };
    if (part.kind === "scalar") return resolveScalar(part);
    const entries = Array.from(part.entries, ([key, { value, line }]): [string, Entry] => [
      textOf(resolveScalar({ kind: "scalar", text: key, isNull: false, line })) ?? key,
      { value: resolve(value), line },
    ]);
    return { ...part, entries: new Map(entries) };
  };

  const resolveScalar = (scalar: Source & { readonly kind: "scalar" }): Source => {
    let { text } = scalar;
    for (let round = 0; round < mostRounds * 100; round += 1) {
      const match = innermost.exec(text);
      if (match === null) return { ...scalar, text };
      const found = firstOf(match.groups?.["sources"] ?? "");
      if (typeof found === "string") return unresolved(scalar);
      const isWhole = match[0] === text.trim();
      if (isWhole && found.kind !== "scalar") return resolve(found);
      const value = textOf(found);
      if (value === null && !(isWhole && found.kind === "scalar")) return unresolved(scalar);
      text = value === null ? "" : text.replace(match[0], () => value);
      if (text.length > inputLimits.textLength) return unresolved(scalar);
      if (value === null) return { ...scalar, text, isNull: true };
    }
    return unresolved(scalar);
  };

  const firstOf = (sources: string): Found => {
    for (const source of sources.split(/,(?=(?:[^']*'[^']*')*[^']*$)(?=(?:[^"]*"[^"]*")*[^"]*$)/)) {
      const found = sourceValue(source.trim());
      if (found !== "missing") return found;
    }
    return "unknown";
  };

  const sourceValue = (source: string): Found => {
    const literal = /^(?:'([^']*)'|"([^"]*)")$/.exec(source);
    if (literal !== null) return scalarOf(literal[1] ?? literal[2] ?? "");
    const [, kind, path = ""] = /^(\w+):(.*)$/.exec(source) ?? [];
    const { account, region } = context.location;
    switch (kind) {
      case "self":
        return valueAt(path, root);
      case "param":
        return parameterNamed(path);
      case "aws":
        if (path === "accountId") return account === null ? "unknown" : scalarOf(account);
        return path === "region" && region !== null ? scalarOf(region) : "unknown";
      default:
        return "unknown";
    }
  };

  const valueAt = (path: string, from: Source): Found => {
    let at: Source | undefined = from;
    for (const step of path.split(".").filter((name) => name !== "")) {
      // A part on the way may be in another file.
      if (at.kind === "scalar") at = resolve(at);
      if (isUnresolved(at)) return "unknown";
      at = at.kind === "list" ? at.items[Number(step)] : valueUnder(at, step);
      if (at === undefined) return "missing";
    }
    return at;
  };

  const parameterNamed = (name: string): Found => {
    const given = context.given.get(name);
    if (given !== undefined) return scalarOf(given);
    const sections = parameterSections(root);
    const usual = sections.find(([stage]) => stage === "default")?.[1];
    const fallback = valueUnder(usual, name);
    const ofStages = sections
      .filter(([stage]) => stage !== "default")
      .map(([, section]) => valueUnder(section, name))
      .filter((value) => value !== undefined);
    if (ofStages.length === 0) return fallback ?? "missing";
    // The stage is not known: only a value that all of them share is.
    const text = textOf(fallback);
    return text !== null && ofStages.every((value) => textOf(value) === text)
      ? (fallback ?? "unknown")
      : "unknown";
  };

  return resolve;
}

/** The parameters that the file itself gives, by stage: `params`, and `stages` of version 4. */
function parameterSections(root: Source): readonly (readonly [string, Source])[] {
  return [
    ...Array.from(entriesOf(valueUnder(root, "params")), ([stage, { value }]) => [stage, value] as const),
    ...Array.from(entriesOf(valueUnder(root, "stages"))).flatMap(([stage, { value }]) => {
      const section = valueUnder(value, "params");
      return section === undefined ? [] : [[stage, section] as const];
    }),
  ];
}

/** The names of the parameters that a serverless.yml uses or gives. */
export function frameworkParameters(text: string, root: Source): readonly string[] {
  const used = Array.from(text.matchAll(/\bparam:([A-Za-z0-9_.-]+)/g), ([, name = ""]) => name);
  const own = parameterSections(root).flatMap(([, section]) =>
    Array.from(entriesOf(section), ([name]) => name),
  );
  return [...new Set([...used, ...own])];
}

function scalarOf(text: string): Source {
  return { kind: "scalar", text, isNull: false, line: 1 };
}

function unresolved(part: Source): Source {
  const value = part.kind === "scalar" ? part : scalarOf("a variable that stands for itself");
  return {
    kind: "map",
    line: part.line,
    entries: new Map([[unresolvedVariable, { value, line: part.line }]]),
  };
}

/** Whether a part is a text with a variable that is not known. */
export function isUnresolved(part: Source): boolean {
  return variableIn(part) !== null;
}

/** The text with a variable that is not known; `null` for any other part. */
export function variableIn(part: Source): string | null {
  return textOf(valueUnder(part, unresolvedVariable));
}
