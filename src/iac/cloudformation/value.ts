import { inputLimits } from "../../core/input-limits.ts";
import { type Declared, set, unknown, unset } from "../declared-rule.ts";
import type { Source } from "../source-tree.ts";

/** The value of an expression in a template. */
export type Value =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  /** A map that calls no intrinsic function. */
  | { readonly kind: "map"; readonly source: Source }
  /** `AWS::NoValue`: the property is treated as absent. */
  | { readonly kind: "nothing" }
  /** Unknown before deployment; `template` as in {@link Declared}. */
  | { readonly kind: "unknown"; readonly why: string; readonly template: string | null };

/** A known text. */
export function textValue(text: string): Value {
  return { kind: "text", text };
}

/** An unknown value, with the reason. */
export function unknownValue(why: string, template: string | null = null): Value {
  return { kind: "unknown", why, template };
}

/**
 * Joins the pieces into one text. Pieces that depend only on the account or region keep their placeholders. Any other
 * unknown piece makes the text unknown.
 */
export function joined(pieces: readonly Value[], delimiter = ""): Value {
  const length = pieces.reduce((all, piece) => all + lengthOf(piece) + delimiter.length, 0);
  if (length > inputLimits.textLength) {
    return unknownValue(`is longer than ${inputLimits.textLength} characters`);
  }
  const texts = pieces.map((piece) => (piece.kind === "text" ? piece.text : null));
  const known = texts.filter((text) => text !== null);
  if (known.length === texts.length) return textValue(known.join(delimiter));
  const templates = pieces.map((piece) => {
    if (piece.kind === "text") return piece.text;
    return piece.kind === "unknown" ? piece.template : null;
  });
  const reasons = pieces.flatMap((piece) => (piece.kind === "unknown" ? [piece.why] : []));
  const why = reasons[0] ?? "contains a value that is not a text";
  const filled = templates.filter((template) => template !== null);
  return unknownValue(why, filled.length === templates.length ? filled.join(delimiter) : null);
}

function lengthOf(piece: Value): number {
  if (piece.kind === "text") return piece.text.length;
  return piece.kind === "unknown" ? (piece.template?.length ?? 0) : 0;
}

/** Converts a value to that of a rule's parameter, which is a text. */
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
      return unknown("is not a text");
  }
}
