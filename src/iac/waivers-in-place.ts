import * as z from "zod";
import { problemsWith } from "../core/json-file.ts";
import { ConfigurationError } from "../core/problem.ts";
import { type WaiverInPlace, waiverInPlaceSchema } from "../policy/sections/waivers.ts";

/** Under this key the metadata of a resource holds what is for this program. */
export const metadataKey = "pull-through-auditor";

const metadataSchema = z.strictObject({ waivers: z.array(waiverInPlaceSchema) });

/**
 * The waivers that code holds beside a rule: `{"waivers": [{"check", "reason", "owner", "ticket"?, "expires"}]}`.
 *
 * @param where the rule, in messages
 * @throws ConfigurationError if they are malformed: a waiver that is not understood must not be lost
 */
export function waiversInPlace(value: unknown, file: string, where: string): readonly WaiverInPlace[] {
  const parsed = metadataSchema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data.waivers;
  const problems = problemsWith(metadataSchema, parsed.error.issues).map(({ path, message }) => ({
    path: `${where} ${metadataKey} ${path}`,
    message,
  }));
  throw new ConfigurationError(file, problems);
}
