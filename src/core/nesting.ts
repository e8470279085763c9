import { inputLimits } from "./input-limits.ts";

/** The problem of a file that is nested too deeply, as the end of a sentence. */
export const nestedTooDeeply = `is nested more than ${inputLimits.depth} levels deep`;

const [quote, backslash] = ['"', "\\"].map((character) => character.charCodeAt(0));
const opening = new Set(["[", "{"].map((character) => character.charCodeAt(0)));
const closing = new Set(["]", "}"].map((character) => character.charCodeAt(0)));

/** Whether a JSON text is nested too deeply. Reads any text once, in constant memory. */
export function isNestedTooDeeply(text: string): boolean {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInText) {
      if (code === backslash) at += 1;
      else if (code === quote) isInText = false;
    } else if (code === quote) isInText = true;
    else if (opening.has(code)) {
      depth += 1;
      if (depth > inputLimits.depth) return true;
    } else if (closing.has(code)) depth -= 1;
  }
  return false;
}
