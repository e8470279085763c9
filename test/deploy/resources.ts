import { type Effective, namesIn, type Resource } from "./effective.ts";

/** The resources of a type, by their names. */
export function ofType(type: string, { resources }: Effective): readonly (readonly [string, Resource])[] {
  return [...resources].filter(([, resource]) => resource.type === type);
}

/** Whether a value refers to a resource or parameter. */
export function refersTo(value: unknown, name: string): boolean {
  return namesIn(value).has(name);
}
