import { describe, expect, it } from "vitest";
import {
  faultOfCredential,
  faultOfForeignHost,
  faultOfPrefix,
  faultOfRole,
  faultOfSpelling,
} from "../../../src/iac/refusals/faults.ts";

describe("the part of a prefix that is wrong is named:", () => {
  it.each<readonly [string, string | null]>([
    ["docker-hub", null],
    ["a/b/", null],
    ["ROOT", null],
    ["root", null],
    ["", "is empty"],
    ["a", "has 1 characters and must have from 2 to 30"],
    ["Root", 'is "Root" and must be ROOT, in capitals'],
    ["dockerHub", 'contains the capital letter "H"'],
    ["docker hub", "contains white space; only lower-case letters, digits and . _ - / can be in it"],
    ["docker:hub", 'contains ":"; only lower-case letters, digits and . _ - / can be in it'],
    ["/hub", "begins with a slash"],
    ["a//b", "contains two slashes in a row"],
    ["a/-b", 'has the part "-b", which begins with "-" and must begin and end with a letter or a digit'],
    ["a_/b", 'has the part "a_", which ends with "_" and must begin and end with a letter or a digit'],
    ["a..b", 'contains ".."; letters and digits can be separated by ".", "_", "__" or hyphens'],
    ["x/a._b", 'contains "._"; letters and digits can be separated by ".", "_", "__" or hyphens'],
  ])("%j: %s", (prefix, fault) => {
    expect(faultOfPrefix(prefix)).toBe(fault);
  });
});

const secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/hub-AbCdEf";

describe("the part of the ARN of a secret that is wrong is named:", () => {
  it.each<readonly [string, string | null]>([
    [secret, null],
    ["", "is empty"],
    [` ${secret}`, "begins or ends with white space"],
    ["ecr-pullthroughcache/hub", "is not an ARN"],
    [secret.replace("arn:aws:", "arn:azure:"), 'has "azure" for its partition'],
    [secret.replace("secretsmanager", "ssm"), 'is an ARN of "ssm" and must be that of a secret'],
    [secret.replace("eu-west-1", ""), "has nothing for its region"],
    [secret.replace("111122223333", "11112222333"), 'has "11112222333" for its account, which has 11 digits'],
    [secret.replace("111122223333", "*"), 'has "*" for its account'],
    [secret.replace(":secret:", ":secrets:"), 'is the ARN of "secrets"'],
    [secret.replace("ecr-pullthroughcache/", ""), 'names the secret "hub-AbCdEf"'],
    [`${secret}:username::`, 'has ":username::" after the name of the secret'],
    [secret.replace("hub-AbCdEf", ""), "ends where the name of the secret must follow"],
    [secret.replace("hub-AbCdEf", "hub*"), '"*" cannot be in the name of a secret'],
    ["arn:aws:secretsmanager:a:111122223333:secret:ecr-pullthroughcache/a", null],
    [`${secret}${"a".repeat(600)}`, "characters and must have from 50 to 612"],
  ])("%j: %s", (arn, fault) => {
    expect(faultOfCredential(arn)).toEqual(fault === null ? null : expect.stringContaining(fault));
  });
});

const role = "arn:aws:iam::111122223333:role/ecr-pull";

describe("the part of the ARN of a role that is wrong is named:", () => {
  it.each<readonly [string, string | null]>([
    [role, null],
    ["ecr-pull", 'is "ecr-pull", which is not an ARN: it must be the ARN of a role'],
    [role.replace("iam", "sts"), 'is an ARN of "sts"'],
    [role.replace("iam::", "iam:eu-west-1:"), 'has the region "eu-west-1", and roles have none'],
    [role.replace("111122223333", "1"), 'has "1" for its account'],
    [role.replace("role", "user"), 'is the ARN of "user" and must be that of a role'],
    [role.replace("/ecr-pull", ""), "ends where the name of the role must follow"],
  ])("%j: %s", (arn, fault) => {
    expect(faultOfRole(arn)).toEqual(fault === null ? null : expect.stringContaining(fault));
  });
});

describe("a host that ECR does not cache", () => {
  it.each([
    ["docker.io", "registry-1.docker.io"],
    ["index.docker.io", "registry-1.docker.io"],
    ["hub.docker.com", "registry-1.docker.io"],
    ["registry.hub.docker.com", "registry-1.docker.io"],
    ["www.docker.com", "registry-1.docker.io"],
    ["k8s.gcr.io", "registry.k8s.io"],
    ["github.com", "ghcr.io"],
    ["gitlab.com", "registry.gitlab.com"],
    ["gallery.ecr.aws", "public.ecr.aws"],
    ["www.quay.io", "quay.io"],
    ["images.chainguard.dev", "cgr.dev"],
  ])("%s is told to be %s", (host, meant) => {
    expect(faultOfForeignHost(host)).toBe(`is ${host}, which ECR does not take: write ${meant}`);
  });

  it.each([
    ["mirror.example.com", "is not a registry that ECR caches"],
    ["contoso.azurecr.cn", "must be of the form NAME.azurecr.io"],
    ["azurecr.io", "must be of the form NAME.azurecr.io"],
    ["44445555666.dkr.ecr.eu-west-1.amazonaws.com", 'has "44445555666" for its account, which has 11 digits'],
    ["444455556666.dkr.ecr.cn-north-1.amazonaws.com", "end with amazonaws.com.cn"],
  ])("%s: %s", (host, fault) => {
    expect(faultOfForeignHost(host)).toContain(fault);
  });
});

describe("a URL that names an upstream in another spelling", () => {
  it.each([
    ["https://quay.io", "must be spelled quay.io, without https://"],
    ["quay.io/library", "must be spelled quay.io, without the path /library"],
    [
      " HTTPS://Quay.io:443/a/b ",
      "must be spelled quay.io, without white space and HTTPS:// and :443 and the path /a/b",
    ],
    ["Quay.io", "must be spelled quay.io"],
  ])("%j %s", (url, fault) => {
    expect(faultOfSpelling(url, "quay.io")).toBe(fault);
  });
});
