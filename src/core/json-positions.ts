import { jsonPath } from "./problem.ts";

/** A place in a text, both from 1; the column in UTF-16 code units. */
export type Position = { readonly line: number; readonly column: number };

type Frame = { at: string | number; isKeyNext: boolean };

/** Strings, structure, and anything else that is a value. */
const token = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g;

/**
 * Where the members and elements of a JSON text are, by their JSON path: a member at its key, an element at its value. Of
 * a duplicate key, the last one counts.
 *
 * @param text valid JSON
 */
export function jsonPositions(text: string): ReadonlyMap<string, Position> {
  const positions = new Map<string, Position>();
  const frames: Frame[] = [];
  const locate = positionsIn(text);
  for (const { 0: found, index } of text.matchAll(token)) {
    const frame = frames.at(-1);
    const isElement = frame !== undefined && typeof frame.at === "number" && !/^[\]},:]/.test(found);
    if (isElement || (frame === undefined && positions.size === 0))
      positions.set(pathOf(frames), locate(index));
    if (found === "{") frames.push({ at: "", isKeyNext: true });
    else if (found === "[") frames.push({ at: 0, isKeyNext: false });
    else if (found === "}" || found === "]") frames.pop();
    else if (frame === undefined) continue;
    else if (found === ",") goOn(frame);
    else if (found === ":") frame.isKeyNext = false;
    else if (frame.isKeyNext) {
      frame.at = String(JSON.parse(found));
      positions.set(pathOf(frames), locate(index));
    }
  }
  return positions;
}

function pathOf(frames: readonly Frame[]): string {
  return jsonPath(frames.map(({ at }) => at));
}

function goOn(frame: Frame): void {
  if (typeof frame.at === "number") frame.at += 1;
  else frame.isKeyNext = true;
}

/** Locates indices of a text, each at or after the one before. */
function positionsIn(text: string): (index: number) => Position {
  let [line, start] = [1, 0];
  return (index) => {
    for (let next = text.indexOf("\n", start); next >= 0 && next < index; next = text.indexOf("\n", start)) {
      line += 1;
      start = next + 1;
    }
    return { line, column: index - start + 1 };
  };
}
