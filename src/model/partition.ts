/**
 * The AWS partitions and the DNS suffixes of their ECR registries.
 *
 * Source: the partitions file of the AWS SDKs (`@aws-sdk/util-endpoints`, November 2026).
 */
const partitions = [
  { id: "aws-cn", regions: /^cn-/, dnsSuffix: "amazonaws.com.cn" },
  { id: "aws-us-gov", regions: /^us-gov-/, dnsSuffix: "amazonaws.com" },
  { id: "aws-iso", regions: /^us-iso-/, dnsSuffix: "c2s.ic.gov" },
  { id: "aws-iso-b", regions: /^us-isob-/, dnsSuffix: "sc2s.sgov.gov" },
  { id: "aws-iso-e", regions: /^eu-isoe-/, dnsSuffix: "cloud.adc-e.uk" },
  { id: "aws-iso-f", regions: /^us-isof-/, dnsSuffix: "csp.hci.ic.gov" },
  { id: "aws-eusc", regions: /^eusc-/, dnsSuffix: "amazonaws.eu" },
] as const;

const standard = { id: "aws", dnsSuffix: "amazonaws.com" } as const;

/** The id of a partition, as it stands in the second field of an ARN. */
export type PartitionId = (typeof partitions)[number]["id"] | typeof standard.id;

/** The partition that a region belongs to. */
export function partitionOf(region: string): { readonly id: PartitionId; readonly dnsSuffix: string } {
  return partitions.find((partition) => partition.regions.test(region)) ?? standard;
}
