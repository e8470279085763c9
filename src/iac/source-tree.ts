import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type ParsedNode,
  parseAllDocuments,
  Scalar,
} from "yaml";
import { inputLimits } from "../core/input-limits.ts";
import { nestedTooDeeply } from "../core/nesting.ts";
import { ConfigurationError, type Problem } from "../core/problem.ts";
import { cloudFormationYaml, type YamlDialect } from "./yaml-dialect.ts";

/**
 * A value of a YAML or JSON file with its line, from 1. The short forms of CloudFormation's
 * functions are spelled out: `!Ref a` is `{Ref: a}`, and `!Sub a` is `{"Fn::Sub": a}`.
 */
export type Source =
  | { readonly kind: "scalar"; readonly text: string; readonly isNull: boolean; readonly line: number }
  | { readonly kind: "list"; readonly items: readonly Source[]; readonly line: number }
  | { readonly kind: "map"; readonly entries: ReadonlyMap<string, Entry>; readonly line: number };

/** One entry of a map. */
export type Entry = { readonly value: Source; readonly line: number };

/** The entry of a map under `key`; also `undefined` if `source` is not a map. */
export function entryUnder(source: Source | undefined, key: string): Entry | undefined {
  return source?.kind === "map" ? source.entries.get(key) : undefined;
}

/** The value of a map under `key`. */
export function valueUnder(source: Source | undefined, key: string): Source | undefined {
  return entryUnder(source, key)?.value;
}

/** The entries of a map; none if `source` is not a map. */
export function entriesOf(source: Source | undefined): Iterable<[string, Entry]> {
  return source?.kind === "map" ? source.entries : [];
}

/** The text of a scalar that is not null. */
export function textOf(source: Source | undefined): string | null {
  return source?.kind === "scalar" && !source.isNull ? source.text : null;
}

/**
 * Reads YAML, which includes JSON, and answers its documents that are not empty. Quoted scalars keep their spelling,
 * because an account id must keep its leading zeros; what others mean depends on the dialect. An aliased value is read
 * once, and values that merges copy are counted, to keep memory bounded.
 *
 * @throws ConfigurationError with every error of the file and its line, or if it is too large or nested too deeply
 */
export function parseSources(
  text: string,
  file: string,
  dialect: YamlDialect = cloudFormationYaml,
): readonly Source[] {
  if (Buffer.byteLength(text) > inputLimits.templateBytes) {
    throw notReadable(
      file,
      "$",
      `is larger than ${inputLimits.templateBytes} bytes, the limit for a template`,
    );
  }
  if (isYamlTooDeep(text)) throw notReadable(file, "$", nestedTooDeeply);
  const lines = new LineCounter();
  const documents = parseTolerantly(text, file, lines);
  const lineOf = ({ range }: { range?: readonly number[] | null }) => lines.linePos(range?.[0] ?? 0).line;
  const repeated: Problem[] = [];
  const known = new Map<Node, Source>();
  const underWay = new Set<Node>();
  const anchors = new Map<string, Node>();
  let left: number = inputLimits.templateValues;
  const take = (values: number): void => {
    left -= values;
    if (left >= 0) return;
    throw notReadable(file, "$", `expands to more than ${inputLimits.templateValues} values through merges`);
  };

  const read = (node: Node | null): Source => {
    if (node === null) return { kind: "scalar", text: "", isNull: true, line: 1 };
    const before = known.get(node);
    if (before !== undefined) return before;
    if (underWay.has(node))
      throw notReadable(file, `line ${lineOf(node)}`, "contains itself through an alias");
    underWay.add(node);
    const anchor = isAlias(node) ? undefined : node.anchor;
    if (anchor !== undefined) anchors.set(anchor, node);
    const source = spellOut(node.tag, readUntagged(node), lineOf(node));
    underWay.delete(node);
    known.set(node, source);
    return source;
  };
  const readUntagged = (node: Node): Source => {
    const line = lineOf(node);
    if (isAlias(node)) return read(anchors.get(node.source) ?? null);
    if (isSeq<Node>(node)) return { kind: "list", items: node.items.map(read), line };
    if (isMap<Node, Node | null>(node)) {
      repeated.push(...repeatedKeys(node.items, lineOf, dialect));
      const entries = node.items.map(({ key, value }) => ({
        name: isScalar(key) ? textIn(key, dialect) : "",
        value: read(value),
        line: lineOf(key),
      }));
      const merged = entries.filter(({ name }) => name === "<<").flatMap(({ value }) => mergedEntries(value));
      take(entries.length + merged.length);
      const own = entries.filter(({ name }) => name !== "<<");
      const named = own.map(({ name, ...entry }): [string, Entry] => [name, entry]);
      return { kind: "map", entries: new Map([...merged, ...named]), line };
    }
    if (!isScalar(node)) throw notReadable(file, `line ${line}`, "is YAML that templates do not support");
    return { kind: "scalar", text: textIn(node, dialect), isNull: node.value === null, line };
  };
  const sources = documents.map((document) => {
    anchors.clear();
    return read(document);
  });
  if (repeated.length > 0) throw new ConfigurationError(file, repeated);
  return sources.filter((source) => source.kind !== "scalar" || !source.isNull);
}

/** The text of a scalar. A tag such as `!Ref` or `!!str` keeps it as it is spelled. */
function textIn({ source, value, type, tag }: Scalar, dialect: YamlDialect): string {
  const text = source ?? String(value);
  return type === Scalar.PLAIN && tag === undefined ? dialect(text) : text;
}

/** The keys that a map has before. The YAML library compares each key with every other, which takes seconds. */
function repeatedKeys(
  items: readonly { readonly key: Node }[],
  lineOf: (node: Node) => number,
  dialect: YamlDialect,
): readonly Problem[] {
  const seen = new Set<string>();
  return items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const name = textIn(key, dialect);
    const isRepeated = seen.has(name);
    seen.add(name);
    if (!isRepeated) return [];
    return [{ path: `line ${lineOf(key)}`, message: "is neither YAML nor JSON: Map keys must be unique" }];
  });
}

/** The contents of all documents. The errors of the parser are never silenced. */
function parseTolerantly(
  text: string,
  file: string,
  lineCounter: LineCounter,
): readonly (ParsedNode | null)[] {
  try {
    const parsed = parseAllDocuments<ParsedNode, false>(text, {
      lineCounter,
      uniqueKeys: false,
      prettyErrors: false,
    });
    const documents = "empty" in parsed ? [] : parsed;
    const problems = documents.flatMap(({ errors }) =>
      errors.map(({ message, pos }) => ({
        path: `line ${lineCounter.linePos(pos[0]).line}`,
        message: `is not valid YAML or JSON: ${message}`,
      })),
    );
    if (problems.length > 0) throw new ConfigurationError(file, problems);
    return documents.map(({ contents }) => contents);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw notReadable(file, "$", nestedTooDeeply);
  }
}

/**
 * Whether YAML is nested too deeply, according to its tokens: in brackets, or by several indicators in one line.
 * Indentation alone cannot nest deeply within the size limit, because each level needs longer lines.
 */
function isYamlTooDeep(text: string): boolean {
  let inBrackets = 0;
  let inLine = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === "[" || token === "{") inBrackets += 1;
    else if (token === "]" || token === "}") inBrackets = Math.max(0, inBrackets - 1);
    else if (token === "-" || token === "?") inLine += 1;
    else if (token.includes("\n")) inLine = 0;
    if (inBrackets > inputLimits.depth || inLine > inputLimits.depth) return true;
  }
  return false;
}

/** The entries that a merge (`<<: *base`) adds to a map. Its own entries win, then those of the first base. */
function mergedEntries(value: Source): readonly [string, Entry][] {
  const bases = value.kind === "list" ? value.items.toReversed() : [value];
  return bases.flatMap((base) => [...entriesOf(base)]);
}

function spellOut(tag: string | undefined, value: Source, line: number): Source {
  if (tag === undefined || !/^![A-Za-z]/.test(tag)) return value;
  const name = tag.slice(1);
  const key = name === "Ref" || name === "Condition" ? name : `Fn::${name}`;
  return { kind: "map", entries: new Map([[key, { value, line }]]), line };
}

function notReadable(file: string, path: string, message: string): ConfigurationError {
  return new ConfigurationError(file, [{ path, message }]);
}
