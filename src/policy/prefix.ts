/**
 * A repository prefix without the slash at its end, which ECR assumes where it is left out (Amazon ECR API
 * reference, CreatePullThroughCacheRule, November 2026).
 */
export function withoutSlash(prefix: string): string {
  return prefix.replace(/\/$/, "");
}

/** Whether the repositories under `inner` all lie under `outer` too; also true of equal prefixes. */
export function liesWithin(inner: string, outer: string): boolean {
  return `${withoutSlash(inner)}/`.startsWith(`${withoutSlash(outer)}/`);
}
