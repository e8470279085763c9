import { z } from "zod";

/** Parameters that several services share, with the limits of their API references. */

/** Twelve digits. */
export const accountId = z.string().regex(/^\d{12}$/);

/** The number of items on a page, between 1 and the service's limit. */
export function pageSize(limit: number): z.ZodNumber {
  return z.int().min(1).max(limit);
}

/** Text with a limited length. */
export function text(min: number, max: number): z.ZodString {
  return z.string().min(min).max(max);
}
