import { inputLimits } from "../../core/input-limits.ts";
import { type Declared, set, unknown, unset } from "../declared-rule.ts";
import type { Source } from "../source-tree.ts";

/** What an expression of a template comes to. */
export type Value =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  /** A map that is no function. */
  | { readonly kind: "map"; readonly source: Source }
  /** `AWS::NoValue`: as if it were not there. */
  | { readonly kind: "nothing" }
  /** Not known before deployment; `template` as in {@link Declared}. */
  | { readonly kind: "unknown"; readonly why: string; readonly template: string | null };

/** A text that is known. */
export function textValue(text: string): Value {
  return { kind: "text", text };
}

/** A value that is not known, and why. */
export function unknownValue(why: string, template: string | null = null): Value {
  return { kind: "unknown", why, template };
}

/**
 * The pieces as one text. What is missing nothing but its place keeps its holes; anything else that is not
 * known makes the whole unknown.
 */
export function joined(pieces: readonly Value[], delimiter = ""): Value {
  const length = pieces.reduce((all, piece) => all + lengthOf(piece) + delimiter.length, 0);
  if (length > inputLimits.textLength) {
    return unknownValue(`is longer than the ${inputLimits.textLength} characters that are worked out`);
  }
  const texts = pieces.map((piece) => (piece.kind === "text" ? piece.text : null));
  const known = texts.filter((text) => text !== null);
  if (known.length === texts.length) return textValue(known.join(delimiter));
  const templates = pieces.map((piece) => {
    if (piece.kind === "text") return piece.text;
    return piece.kind === "unknown" ? piece.template : null;
  });
  const reasons = pieces.flatMap((piece) => (piece.kind === "unknown" ? [piece.why] : []));
  const why = reasons[0] ?? "holds what is no text";
  const filled = templates.filter((template) => template !== null);
  return unknownValue(why, filled.length === templates.length ? filled.join(delimiter) : null);
}

function lengthOf(piece: Value): number {
  if (piece.kind === "text") return piece.text.length;
  return piece.kind === "unknown" ? (piece.template?.length ?? 0) : 0;
}

/** A value as that of a rule's parameter, which is a text. */
export function declaredOf(value: Value): Declared {
  switch (value.kind) {
    case "text":
      return value.text.includes("{{resolve:")
        ? unknown("is a dynamic reference, which is resolved when the stack is deployed")
        : set(value.text);
    case "nothing":
      return unset;
    case "unknown":
      return unknown(value.why, value.template);
    case "list":
    case "map":
      return unknown("is no text");
  }
}
