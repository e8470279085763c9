import { jsonPath, type Problem } from "./problem.ts";

/** An open object or list at the current position of the text, with the key or index that is being read. */
type Frame = { readonly keys: Set<string>; at: string | number; isKeyNext: boolean };

/** The tokens that define the structure of a JSON text. Numbers and literals are skipped. */
const token = /"(?:[^"\\]|\\.)*"|[[\]{},:]/g;

/**
 * Finds duplicate keys in the objects of a JSON text. Each repetition is a problem, because `JSON.parse` silently keeps
 * only the last value: a second `waivers` key would discard the first.
 *
 * @param text valid JSON
 */
export function duplicateKeys(text: string): readonly Problem[] {
  const problems: Problem[] = [];
  const frames: Frame[] = [];
  for (const [found] of text.matchAll(token)) {
    const frame = frames.at(-1);
    if (found === "{") {
      // Stryker disable next-line StringLiteral: the first key replaces it before a path is built from it
      frames.push({ keys: new Set(), at: "", isKeyNext: true });
    } else if (found === "[") frames.push({ keys: new Set(), at: 0, isKeyNext: false });
    else if (found === "}" || found === "]") frames.pop();
    else if (frame === undefined) continue;
    else if (found === ",") goOn(frame);
    else if (found === ":") frame.isKeyNext = false;
    else if (frame.isKeyNext && !takeKey(frame, found)) problems.push(repeated(frames));
  }
  return problems;
}

function goOn(frame: Frame): void {
  if (typeof frame.at === "number") frame.at += 1;
  else frame.isKeyNext = true;
}

/** @returns false if the object already has the key */
function takeKey(frame: Frame, literal: string): boolean {
  const key = String(JSON.parse(literal));
  frame.at = key;
  const isNew = !frame.keys.has(key);
  frame.keys.add(key);
  return isNew;
}

function repeated(frames: readonly Frame[]): Problem {
  const message = "is a duplicate key; only the last value would be used";
  return { path: jsonPath(frames.map(({ at }) => at)), message };
}
