import { expect, test } from "vitest";
import { repositoriesArn } from "../../src/render/arn.ts";

test.each([
  ["docker-hub", "eu-west-1", "arn:aws:ecr:eu-west-1:111122223333:repository/docker-hub/*"],
  ["team/docker-hub/", "eu-west-1", "arn:aws:ecr:eu-west-1:111122223333:repository/team/docker-hub/*"],
  ["ROOT", "eu-west-1", "arn:aws:ecr:eu-west-1:111122223333:repository/*"],
  [null, "eu-west-1", "arn:aws:ecr:eu-west-1:111122223333:repository/*"],
  ["quay", "cn-north-1", "arn:aws-cn:ecr:cn-north-1:111122223333:repository/quay/*"],
  ["quay", "us-gov-west-1", "arn:aws-us-gov:ecr:us-gov-west-1:111122223333:repository/quay/*"],
])("the repositories of prefix %s in %s are %s", (prefix, region, arn) => {
  expect(repositoriesArn({ account: "111122223333", region, prefix })).toBe(arn);
});
