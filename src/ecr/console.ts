import { partitionOf } from "./partition.ts";
import { ALL_REGIONS } from "./registry.ts";

/**
 * The domains of the AWS Management Console by partition (AWS documentation of each partition, November 2026). The
 * others have none that is public.
 */
const hosts: Readonly<Record<string, string>> = {
  aws: "console.aws.amazon.com",
  "aws-cn": "console.amazonaws.cn",
  "aws-us-gov": "console.amazonaws-us-gov.com",
};

/** The domain of the console for the partition of a region; `null` if it has no public one. */
export function consoleHost(region: string): string | null {
  return hosts[partitionOf(region).id] ?? null;
}

/**
 * The page of a registry in the ECR console, whose menu leads to its pull through cache rules; `null` if there is none.
 * AWS documents no address of a single rule (Amazon ECR user guide, November 2026).
 */
export function registryUrl(region: string): string | null {
  const host = consoleHost(region);
  if (host === null || region === ALL_REGIONS) return null;
  return `https://${region}.${host}/ecr/private-registry/repositories?region=${region}`;
}
