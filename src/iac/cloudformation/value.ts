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
  | UnknownText;

/** A text that is not known as a whole before deployment. */
export type UnknownText = {
  readonly kind: "unknown";
  /** Why it is not known, as in {@link Declared}. */
  readonly why: string;
  /** What is known of it, in order. */
  readonly pieces: readonly Piece[];
};

/** A part of a text: what is known of it, or what it depends on. */
export type Piece =
  | string
  /** A pseudo parameter, such as `AWS::Region`. Its value has only letters, digits, dots, and hyphens. */
  | { readonly pseudo: string }
  /** A resource of the template, or one of its attributes. */
  | { readonly resource: string; readonly attribute: string | null }
  /** Anything. */
  | null;

/** A known text. */
export function textValue(text: string): Value {
  return { kind: "text", text };
}

/** An unknown value, with the reason. */
export function unknownValue(why: string, pieces: readonly Piece[] = [null]): UnknownText {
  return { kind: "unknown", why, pieces };
}

/** The most pieces that are kept of a text. */
const mostPieces = 50;

/**
 * Joins the values into one text. What is not known keeps its place among the pieces. A value that cannot be part of a
 * text makes it unknown.
 */
export function joined(values: readonly Value[], delimiter = ""): Value {
  const [only, ...others] = values;
  if (only !== undefined && others.length === 0 && only.kind !== "list" && only.kind !== "map") return only;
  const parts = values.flatMap((value, at) =>
    at === 0 || delimiter === "" ? [value] : [textValue(delimiter), value],
  );
  const length = parts.reduce((sum, part) => sum + lengthOf(part), 0);
  if (length > inputLimits.textLength) {
    return unknownValue(`is longer than ${inputLimits.textLength} characters`);
  }
  const texts = parts.map((part) => (part.kind === "text" ? part.text : null));
  const known = texts.filter((text) => text !== null);
  if (known.length === texts.length) return textValue(known.join(""));
  const reasons = parts.flatMap((part) => (part.kind === "unknown" ? [part.why] : []));
  return unknownValue(reasons[0] ?? "contains a value that is not a text", merged(parts.flatMap(piecesOf)));
}

function lengthOf(part: Value): number {
  if (part.kind === "text") return part.text.length;
  if (part.kind !== "unknown") return 0;
  return part.pieces.reduce((sum, piece) => sum + (typeof piece === "string" ? piece.length : 1), 0);
}

function piecesOf(part: Value): readonly Piece[] {
  if (part.kind === "text") return [part.text];
  return part.kind === "unknown" ? part.pieces : [null];
}

/** Joins neighbouring texts and neighbouring gaps. */
function merged(pieces: readonly Piece[]): readonly Piece[] {
  const all: Piece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (piece === "" || (piece === null && last === null)) continue;
    if (typeof piece === "string" && typeof last === "string") all[all.length - 1] = last + piece;
    else all.push(piece);
  }
  return all.length > mostPieces ? [...all.slice(0, mostPieces), null] : all;
}

/** Dynamic references are resolved when the stack is deployed. */
const dynamicReference = /\{\{resolve:[^}]*\}\}/g;

/** Whether a text holds a dynamic reference, so that it is not known before deployment. */
export function isDynamic(text: string): boolean {
  return text.includes("{{resolve:");
}

/** The pieces of a value with dynamic references as gaps; `null` if it cannot be a text. */
export function textPieces(value: Value): readonly Piece[] | null {
  if (value.kind !== "text" && value.kind !== "unknown") return null;
  const pieces = value.kind === "text" ? [value.text] : value.pieces;
  return merged(pieces.flatMap((piece) => (typeof piece === "string" ? withoutDynamic(piece) : [piece])));
}

function withoutDynamic(text: string): readonly Piece[] {
  const parts = text.split(dynamicReference).flatMap((part, at) => (at === 0 ? [part] : [null, part]));
  // A reference may reach over several pieces, with a parameter within.
  return parts.flatMap((part) =>
    part !== null && isDynamic(part) ? [part.slice(0, part.indexOf("{{resolve:")), null] : [part],
  );
}

/** A variable of the Serverless Framework, in a file that is read as a template by itself. */
const frameworkVariable = /\$\{(?:self|file|opt|param|ssm|env|cf|sls|aws|s3|strToBool)[:(](?!:)/;

/** Converts a value to that of a rule's parameter, which is a text. */
export function declaredOf(value: Value): Declared {
  switch (value.kind) {
    case "text":
      if (isDynamic(value.text)) return unknown(dynamic);
      return frameworkVariable.test(value.text)
        ? unknown("contains a variable that the Serverless Framework resolves")
        : set(value.text);
    case "nothing":
      return unset;
    case "unknown":
      return unknownOf(value);
    case "list":
    case "map":
      return unknown("is not a text");
  }
}

const dynamic = "is a dynamic reference, which is resolved when the stack is deployed";

function unknownOf({ why, pieces }: UnknownText): Declared {
  const isPartlyDynamic = pieces.some((piece) => typeof piece === "string" && isDynamic(piece));
  if (isPartlyDynamic) return unknown(dynamic);
  const filled = pieces.map((piece) => (typeof piece === "string" ? piece : placeholder(piece)));
  const known = filled.filter((piece) => piece !== null);
  return unknown(why, known.length === filled.length ? known.join("") : null);
}

/** The pseudo parameters that follow from the account and the region. */
const ofPlace = ["AWS::AccountId", "AWS::Region", "AWS::Partition", "AWS::URLSuffix"];

function placeholder(piece: Exclude<Piece, string>): string | null {
  return piece !== null && "pseudo" in piece && ofPlace.includes(piece.pseudo) ? `\${${piece.pseudo}}` : null;
}
