import { collected, mostCollectedBytes } from "../core/collected.ts";

/** AWS answered, and the answer does not hold what it must: it is no answer, whatever its HTTP status says. */
export class IncompleteAnswerError extends Error {
  override readonly name = "IncompleteAnswerError";
}

function missing(member: string, wanted: string): never {
  throw new IncompleteAnswerError(`AWS answered without ${member}, which must be ${wanted}`);
}

/** A text that must be there. @throws IncompleteAnswerError */
export function textIn(value: unknown, member: string): string {
  return typeof value === "string" && value !== "" ? collected(value) : missing(member, "a text");
}

/** A name by which something is asked for again: it can not be cut. @throws IncompleteAnswerError */
export function nameIn(value: unknown, member: string): string {
  const name = textIn(value, member);
  if (name === value) return name;
  return missing(member, `a name of well-formed text within ${mostCollectedBytes} bytes`);
}

/** A text that may be left out. @throws IncompleteAnswerError when it is something else */
export function optionalTextIn(value: unknown, member: string): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? collected(value) : missing(member, "a text, if anything");
}

/** A point in time that may be left out, in ISO 8601. @throws IncompleteAnswerError when it is something else */
export function optionalMomentIn(value: unknown, member: string): string | null {
  if (value === undefined || value === null) return null;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  return missing(member, "a point in time, if anything");
}

/** @throws IncompleteAnswerError when it is neither true nor false */
export function flagIn(value: unknown, member: string): boolean {
  return typeof value === "boolean" ? value : missing(member, "true or false");
}

/** @throws IncompleteAnswerError when it is no count */
export function countIn(value: unknown, member: string): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0
    ? value
    : missing(member, "a count");
}

/** A list, which must be there even if it is empty. @throws IncompleteAnswerError */
export function listIn<Item>(value: readonly Item[] | undefined, member: string): readonly Item[] {
  return Array.isArray(value) ? value : missing(member, "a list");
}

/** A list that may be left out where it is empty. @throws IncompleteAnswerError when it is something else */
export function optionalListIn<Item>(value: readonly Item[] | undefined, member: string): readonly Item[] {
  return value === undefined || value === null ? [] : listIn(value, member);
}

/** A structure, which must be there. @throws IncompleteAnswerError */
export function structureIn<Structure extends object>(
  value: Structure | undefined,
  member: string,
): Structure {
  return typeof value === "object" && value !== null ? value : missing(member, "a structure");
}
