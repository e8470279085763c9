import { collected, mostCollectedBytes } from "../core/collected.ts";

/** An answer of AWS lacks required data. It counts as no answer, regardless of its HTTP status. */
export class IncompleteAnswerError extends Error {
  override readonly name = "IncompleteAnswerError";
}

function missing(member: string, wanted: string): never {
  throw new IncompleteAnswerError(`AWS answered without ${member}, which must be ${wanted}`);
}

/** A required text. @throws IncompleteAnswerError */
export function textIn(value: unknown, member: string): string {
  return typeof value === "string" && value !== "" ? collected(value) : missing(member, "a text");
}

/** A name that later calls need, which therefore cannot be truncated. @throws IncompleteAnswerError */
export function nameIn(value: unknown, member: string): string {
  const name = textIn(value, member);
  if (name === value) return name;
  return missing(member, `a name of well-formed text within ${mostCollectedBytes} bytes`);
}

/** An optional text. @throws IncompleteAnswerError if it is another type */
export function optionalTextIn(value: unknown, member: string): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? collected(value) : missing(member, "a text, if anything");
}

/** An optional point in time, in ISO 8601. @throws IncompleteAnswerError if it is another type */
export function optionalMomentIn(value: unknown, member: string): string | null {
  if (value === undefined || value === null) return null;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  return missing(member, "a point in time or absent");
}

/** A required boolean. @throws IncompleteAnswerError */
export function flagIn(value: unknown, member: string): boolean {
  return typeof value === "boolean" ? value : missing(member, "true or false");
}

/** A required count. @throws IncompleteAnswerError */
export function countIn(value: unknown, member: string): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0
    ? value
    : missing(member, "a count");
}

/** A required list, which may be empty. @throws IncompleteAnswerError */
export function listIn<Item>(value: readonly Item[] | undefined, member: string): readonly Item[] {
  return Array.isArray(value) ? value : missing(member, "a list");
}

/** A list that AWS may omit if it is empty. @throws IncompleteAnswerError if it is another type */
export function optionalListIn<Item>(value: readonly Item[] | undefined, member: string): readonly Item[] {
  return value === undefined || value === null ? [] : listIn(value, member);
}

/** A required structure. @throws IncompleteAnswerError */
export function structureIn<Structure extends object>(
  value: Structure | undefined,
  member: string,
): Structure {
  return typeof value === "object" && value !== null ? value : missing(member, "a structure");
}
