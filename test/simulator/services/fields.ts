import { z } from "zod";

/** Parameters that several services share, with the limits their API references give. */

/** Twelve digits. */
export const accountId = z.string().regex(/^\d{12}$/);

/** The number of items to a page, between 1 and the service's own limit. */
export function pageSize(limit: number): z.ZodNumber {
  return z.int().min(1).max(limit);
}

/** Text with bounds on its length. */
export function text(min: number, max: number): z.ZodString {
  return z.string().min(min).max(max);
}
