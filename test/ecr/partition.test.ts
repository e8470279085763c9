import { describe, expect, it } from "vitest";
import { partitionOf } from "../../src/ecr/partition.ts";

describe("partitionOf", () => {
  it.each([
    { region: "us-east-1", id: "aws", dnsSuffix: "amazonaws.com" },
    { region: "eu-west-1", id: "aws", dnsSuffix: "amazonaws.com" },
    { region: "mx-central-1", id: "aws", dnsSuffix: "amazonaws.com" },
    { region: "cn-northwest-1", id: "aws-cn", dnsSuffix: "amazonaws.com.cn" },
    { region: "us-gov-east-1", id: "aws-us-gov", dnsSuffix: "amazonaws.com" },
    { region: "us-iso-west-1", id: "aws-iso", dnsSuffix: "c2s.ic.gov" },
    { region: "us-isob-east-1", id: "aws-iso-b", dnsSuffix: "sc2s.sgov.gov" },
    { region: "eu-isoe-west-1", id: "aws-iso-e", dnsSuffix: "cloud.adc-e.uk" },
    { region: "us-isof-east-1", id: "aws-iso-f", dnsSuffix: "csp.hci.ic.gov" },
    { region: "eusc-de-east-1", id: "aws-eusc", dnsSuffix: "amazonaws.eu" },
  ])("of $region is $id", ({ region, id, dnsSuffix }) => {
    expect(partitionOf(region)).toMatchObject({ id, dnsSuffix });
  });
});
