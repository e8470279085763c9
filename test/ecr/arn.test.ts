import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSameLocation, parseRoleArn, parseSecretArn } from "../../src/ecr/arn.ts";

const secrets = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:";
const roles = "arn:aws:iam::111122223333:role/";

describe("parseSecretArn", () => {
  it.each([
    { arn: `${secrets}ecr-pullthroughcache/hub-AbCdEf`, name: "ecr-pullthroughcache/hub" },
    { arn: `${secrets}ecr-pullthroughcache/hub`, name: "ecr-pullthroughcache/hub" },
    { arn: `${secrets}hub-token1-AbCdEf`, name: "hub-token1" },
    { arn: `${secrets}hub-AbCdE`, name: "hub-AbCdE" },
    { arn: `${secrets}hub-AbCdEfG`, name: "hub-AbCdEfG" },
    { arn: `${secrets}hub-Ab_dEf`, name: "hub-Ab_dEf" },
    { arn: `${secrets}a/_+=.@-b-AbCdEf`, name: "a/_+=.@-b" },
  ])("finds the name in $arn", ({ arn, name }) => {
    expect(parseSecretArn(arn)).toEqual({ account: "111122223333", region: "eu-west-1", name });
  });

  it.each(["aws", "aws-cn", "aws-us-gov", "aws-iso-b", "aws-eusc"])("reads those of %s", (partition) => {
    const arn = `arn:${partition}:secretsmanager:us-gov-west-1:444455556666:secret:hub-AbCdEf`;
    expect(parseSecretArn(arn)).toEqual({ account: "444455556666", region: "us-gov-west-1", name: "hub" });
  });

  it.each([
    "",
    "ecr-pullthroughcache/hub",
    secrets,
    `${secrets}hub-AbCdEf `,
    `${secrets}hub-AbCdEf\n`,
    ` ${secrets}hub-AbCdEf`,
    `${secrets}hub-AbCdEf:username::`,
    `${secrets}hub token`,
    "arn:aws:secretsmanager:eu-west-1:11112222333:secret:hub-AbCdEf",
    "arn:aws:secretsmanager:eu-west-1:1111222233334:secret:hub-AbCdEf",
    "arn:aws:secretsmanager::111122223333:secret:hub-AbCdEf",
    "arn:aws:secretsmanager:eu-west-1:111122223333:key:hub-AbCdEf",
    "arn:aws:ssm:eu-west-1:111122223333:secret:hub-AbCdEf",
    "arn::secretsmanager:eu-west-1:111122223333:secret:hub-AbCdEf",
    `${roles}hub-AbCdEf`,
  ])("takes %j for none", (text) => {
    expect(parseSecretArn(text)).toBeNull();
  });

  it("returns any name from which Secrets Manager creates an ARN", () => {
    const name = fc.stringMatching(/^[A-Za-z0-9/_+=.@-]{1,60}$/);
    const suffix = fc.stringMatching(/^[A-Za-z0-9]{6}$/);
    fc.assert(
      fc.property(name, suffix, (given, six) => {
        expect(parseSecretArn(`${secrets}${given}-${six}`)?.name).toBe(given);
      }),
    );
  });
});

describe("parseRoleArn", () => {
  it.each([
    { arn: `${roles}ecr-pull`, name: "ecr-pull" },
    { arn: `${roles}teams/a/ecr-pull`, name: "ecr-pull" },
    { arn: `${roles}teams/x,y=z@w._+/ecr+pull=,.@-_1`, name: "ecr+pull=,.@-_1" },
    { arn: "arn:aws-cn:iam::111122223333:role/ecr-pull", name: "ecr-pull" },
    { arn: `${roles}${"r".repeat(64)}`, name: "r".repeat(64) },
  ])("finds the name in $arn", ({ arn, name }) => {
    expect(parseRoleArn(arn)).toEqual({ account: "111122223333", name });
  });

  it.each([
    "",
    "ecr-pull",
    roles,
    `${roles}teams/`,
    `${roles}${"r".repeat(65)}`,
    `${roles}ecr pull`,
    `${roles}ecr-pull\n`,
    "arn:aws:iam:eu-west-1:111122223333:role/ecr-pull",
    "arn:aws:iam::11112222333:role/ecr-pull",
    "arn:aws:iam::111122223333:user/ecr-pull",
    "arn:aws:sts::111122223333:assumed-role/ecr-pull/session",
  ])("takes %j for none", (text) => {
    expect(parseRoleArn(text)).toBeNull();
  });
});

describe("isSameLocation", () => {
  const here = { account: "111122223333", region: "eu-west-1" };

  it.each([
    { ...here, beside: true },
    { ...here, account: "444455556666", beside: false },
    { ...here, region: "us-east-1", beside: false },
  ])("of $account in $region is $beside", ({ beside, ...there }) => {
    expect(isSameLocation(there, here)).toBe(beside);
  });
});
