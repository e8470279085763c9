import * as z from "zod";

const namePattern = z.string().min(1).describe("A name; `*` stands for any characters, `?` for one.");

/** A list of names in which `*` and `?` are wildcards. */
export const namePatternsSchema = z.array(namePattern).min(1).readonly();

/** A list of names in which `*` and `?` are wildcards; an empty one narrows nothing. */
export const anyNamePatternsSchema = z.array(namePattern).readonly();
