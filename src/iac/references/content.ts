import type { SecretContent } from "./secret.ts";

/**
 * What the text of a secret's value tells: the keys of a JSON object. The values go nowhere.
 *
 * @param gap what stands in the text for parts that are not known; `null` if all of it is known
 */
export function contentOfText(text: string, gap: string | null = null): SecretContent {
  const parsed = parsedJson(text);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    return { state: gap === null ? "not-an-object" : "unknown" };
  }
  const keys = Object.keys(parsed);
  return gap !== null && keys.some((key) => key.includes(gap))
    ? { state: "unknown" }
    : { state: "keys", keys };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
