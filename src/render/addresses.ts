import { shellWord } from "../ecr/commands.ts";
import { consoleHost } from "../ecr/console.ts";
import { ALL_REGIONS } from "../ecr/registry.ts";
import type { Report } from "../schemas/report.ts";
import { pageLocation } from "./words.ts";

/** How to reach a stored report: its page in the AWS console and a command; both `null` if it is not in S3. */
export type ReportAccess = { readonly url: string | null; readonly command: string | null };

/**
 * The address of the page of a stored report, and the command that fetches it.
 *
 * @param location of its JSON, or `null`
 */
export function reportAccess({ findings }: Pick<Report, "findings">, location: string | null): ReportAccess {
  const region = findings.find((finding) => finding.region !== ALL_REGIONS)?.region ?? "";
  const access = location === null ? null : objectAccess(pageLocation(location), region);
  return access ?? { url: null, command: null };
}

/**
 * The address of an object in the S3 console, and the command that fetches it; `null` for a location outside S3.
 *
 * @param region any region of the bucket's partition: the console finds the bucket's own
 */
function objectAccess(
  location: string,
  region: string,
): { readonly url: string | null; readonly command: string } | null {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(location) ?? [];
  if (bucket === undefined || key === undefined) return null;
  const host = consoleHost(region);
  return {
    url:
      host === null
        ? null
        : `https://${host}/s3/object/${encodeURIComponent(bucket)}?prefix=${encodeURIComponent(key).replaceAll("%2F", "/")}`,
    command: `aws s3 cp ${shellWord(location)} .`,
  };
}
