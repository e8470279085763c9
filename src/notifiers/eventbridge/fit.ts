import { byteLength } from "../../core/bytes.ts";
import { cutToCharacters } from "../../render/escape/cut.ts";
import { safeJson } from "../../render/escape/json.ts";

type Level = { readonly characters: number; readonly items: number; readonly depth: number };

/**
 * How much of a value is kept, step by step. The last step is below any limit that an event has: 3 levels of
 * at most 40 things of at most 100 characters.
 */
const levels: readonly Level[] = [
  { characters: 16_000, items: 1000, depth: 20 },
  { characters: 2_000, items: 200, depth: 20 },
  { characters: 100, items: 40, depth: 3 },
];

/**
 * `value` as compact JSON of at most `bytes` bytes of UTF-8. Where it is too large, long strings, then long
 * lists and deep nesting are cut, and say so: `… (99,500 more characters)`.
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
  if (depth === level.depth) return "\u2026 (left out)";
  return Array.isArray(value) ? shrunkList(value, level, depth) : shrunkRecord(value, level, depth);
}

function shrunkList(list: readonly unknown[], level: Level, depth: number): unknown[] {
  const kept = list.slice(0, level.items).map((item) => shrunk(item, level, depth + 1));
  const left = list.length - kept.length;
  return left > 0 ? [...kept, leftOut(left)] : kept;
}

function shrunkRecord(record: object, level: Level, depth: number): Record<string, unknown> {
  const entries = Object.entries(record);
  const kept = entries
    .slice(0, level.items)
    .map(
      ([key, value]) => [cutToCharacters(key, level.characters), shrunk(value, level, depth + 1)] as const,
    );
  const left = entries.length - kept.length;
  return Object.fromEntries(left > 0 ? [...kept, ["\u2026", leftOut(left)] as const] : kept);
}

function leftOut(count: number): string {
  return `\u2026 (${count} more)`;
}
