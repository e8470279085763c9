import { byteLength } from "../../core/bytes.ts";
import { cutToCharacters } from "../../render/escape/cut.ts";
import { safeJson } from "../../render/escape/json.ts";

type Level = { readonly characters: number; readonly items: number; readonly depth: number };

/**
 * How much of a value is kept, step by step. The last step is below the limit of any event: 3 levels of at most 40 items
 * of at most 100 characters.
 */
const levels: readonly Level[] = [
  { characters: 16_000, items: 1000, depth: 20 },
  { characters: 2_000, items: 200, depth: 20 },
  { characters: 100, items: 40, depth: 3 },
];

/**
 * Returns `value` as compact JSON of at most `bytes` bytes of UTF-8. If it is too large, long strings are cut, then long
 * lists and deep nesting. What was cut is stated: `… (99,500 more characters)`.
 */
export function jsonWithin(value: unknown, bytes: number): string {
  let json = safeJson(value);
  for (const level of levels) {
    if (byteLength(json) <= bytes) break;
    json = safeJson(shrunk(value, level, 0));
  }
  return json;
}

function shrunk(value: unknown, level: Level, depth: number): unknown {
  if (typeof value === "string") return cutToCharacters(value, level.characters);
  if (typeof value !== "object" || value === null) return value;
  if (depth === level.depth) return "\u2026 (omitted)";
  return Array.isArray(value) ? shrunkList(value, level, depth) : shrunkRecord(value, level, depth);
}

function shrunkList(list: readonly unknown[], level: Level, depth: number): unknown[] {
  const kept = list.slice(0, level.items).map((item) => shrunk(item, level, depth + 1));
  const left = list.length - kept.length;
  return left > 0 ? [...kept, omittedNote(left)] : kept;
}

function shrunkRecord(record: object, level: Level, depth: number): Record<string, unknown> {
  const entries = Object.entries(record);
  const kept = entries
    .slice(0, level.items)
    .map(
      ([key, value]) => [cutToCharacters(key, level.characters), shrunk(value, level, depth + 1)] as const,
    );
  const left = entries.length - kept.length;
  return Object.fromEntries(left > 0 ? [...kept, ["\u2026", omittedNote(left)] as const] : kept);
}

function omittedNote(count: number): string {
  return `\u2026 (${count} more)`;
}
