import { createHash } from "node:crypto";

/** What makes a finding the same finding in every audit. */
export type FindingIdentity = {
  readonly account: string;
  readonly region: string;
  readonly prefix: string | null;
  readonly check: string;
  readonly subject: string;
};

/** The id of a finding: 32 hex digits that depend on what it is about, not on when it was found. */
export function findingId({ account, region, prefix, check, subject }: FindingIdentity): string {
  return createHash("sha256")
    .update(JSON.stringify([account, region, prefix, check, subject]))
    .digest("hex")
    .slice(0, 32);
}
