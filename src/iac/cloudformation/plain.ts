import { notKnown, type PolicyInCode } from "../references/trust.ts";
import type { Source } from "../source-tree.ts";
import { callIn, type Evaluator } from "./evaluate.ts";
import { macroCall } from "./macros.ts";
import { isDynamic, type Value } from "./value.ts";

/**
 * A part of a template as JSON, with {@link notKnown} for what is known only after deployment. Scalars are texts. What
 * several aliases refer to is converted once.
 */
export function plainOf(source: Source, evaluator: Evaluator): PolicyInCode {
  const converted = new Map<Source, PolicyInCode>();
  const convert = (part: Source): PolicyInCode => {
    if (converted.has(part)) return converted.get(part);
    const plain = convertOnce(part);
    converted.set(part, plain);
    return plain;
  };
  const convertOnce = (part: Source): PolicyInCode => {
    if (part.kind === "scalar") return part.isNull ? null : plainText(part.text);
    if (part.kind === "list") return part.items.map(convert).filter((item) => item !== undefined);
    if (callIn(part) !== null) return convertValue(evaluator.value(part));
    if (part.entries.has(macroCall)) return notKnown;
    const entries = Array.from(part.entries, ([key, { value }]) => [key, convert(value)] as const);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  };
  const convertValue = (value: Value): PolicyInCode => {
    switch (value.kind) {
      case "text":
        return plainText(value.text);
      case "list":
        return value.items.map(convertValue);
      case "map":
        return convert(value.source);
      case "nothing":
        return undefined;
      case "unknown":
        return notKnown;
    }
  };
  return convert(source);
}

function plainText(text: string): PolicyInCode {
  return isDynamic(text) ? notKnown : text;
}
