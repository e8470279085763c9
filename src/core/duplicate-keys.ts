import { jsonPath, type Problem } from "./problem.ts";

/** A place within the text: what is open around it, each with the key or the position that is read there. */
type Frame = { readonly keys: Set<string>; at: string | number; isKeyNext: boolean };

/** What the structure of a JSON text shows in; numbers and words lie between. */
const token = /"(?:[^"\\]|\\.)*"|[[\]{},:]/g;

/**
 * The keys that an object of a JSON text has more than once, each repetition a problem. `JSON.parse` keeps the last
 * one and says nothing: a second `waivers` would do away with the first.
 *
 * @param text what `JSON.parse` takes
 */
export function duplicateKeys(text: string): readonly Problem[] {
  const problems: Problem[] = [];
  const frames: Frame[] = [];
  for (const [found] of text.matchAll(token)) {
    const frame = frames.at(-1);
    if (found === "{") {
      // Stryker disable next-line StringLiteral: the first key takes its place before a path is made of it
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

/** @returns false when the object has the key already */
function takeKey(frame: Frame, literal: string): boolean {
  const key = String(JSON.parse(literal));
  frame.at = key;
  const isNew = !frame.keys.has(key);
  frame.keys.add(key);
  return isNew;
}

function repeated(frames: readonly Frame[]): Problem {
  const message = "is given more than once, and only the last one would count";
  return { path: jsonPath(frames.map(({ at }) => at)), message };
}
