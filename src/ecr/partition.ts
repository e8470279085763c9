/**
 * The AWS partitions and the DNS suffixes of their ECR registries. The dual-stack suffix is `null` if undocumented.
 *
 * Source: the partitions file of the AWS SDKs (`@aws-sdk/util-endpoints`, November 2026), and for dual-stack
 * the Amazon ECR user guide, "Making requests to Amazon ECR registries".
 */
const partitions = [
  {
    id: "aws-cn",
    regions: /^cn-/,
    dnsSuffix: "amazonaws.com.cn",
    dualStackSuffix: "on.amazonwebservices.com.cn",
  },
  { id: "aws-us-gov", regions: /^us-gov-/, dnsSuffix: "amazonaws.com", dualStackSuffix: "on.aws" },
  { id: "aws-iso", regions: /^us-iso-/, dnsSuffix: "c2s.ic.gov", dualStackSuffix: null },
  { id: "aws-iso-b", regions: /^us-isob-/, dnsSuffix: "sc2s.sgov.gov", dualStackSuffix: null },
  { id: "aws-iso-e", regions: /^eu-isoe-/, dnsSuffix: "cloud.adc-e.uk", dualStackSuffix: null },
  { id: "aws-iso-f", regions: /^us-isof-/, dnsSuffix: "csp.hci.ic.gov", dualStackSuffix: null },
  { id: "aws-eusc", regions: /^eusc-/, dnsSuffix: "amazonaws.eu", dualStackSuffix: null },
] as const;

const standard = { id: "aws", dnsSuffix: "amazonaws.com", dualStackSuffix: "on.aws" } as const;

/** The id of a partition, which is the second field of an ARN. */
export type PartitionId = (typeof partitions)[number]["id"] | typeof standard.id;

/** The properties of a partition. */
export type Partition = {
  readonly id: PartitionId;
  readonly dnsSuffix: string;
  readonly dualStackSuffix: string | null;
};

/** The partition that a region belongs to. */
export function partitionOf(region: string): Partition {
  return partitions.find((partition) => partition.regions.test(region)) ?? standard;
}

const unclearForCreation: readonly PartitionId[] = ["aws-cn", "aws-us-gov"];

/**
 * Whether AWS's documents differ on whether pull through cache rules can be created in a region (Amazon ECR user guide,
 * November 2026).
 */
export function isCreationUnclear(region: string): boolean {
  return unclearForCreation.includes(partitionOf(region).id);
}
