import { describe, expect, test } from "vitest";
import {
  EndedCredentialsError,
  errorName,
  RoleNotAssumableError,
  reasonOf,
  unreadableBecause,
} from "../../src/aws/errors.ts";
import { messageOf } from "../../src/core/errors.ts";
import { networkError, sdkError, serviceError, titleOf, troubles } from "./trouble.ts";

const roleArn = "arn:aws:iam::111122223333:role/pull-through-auditor";

describe("reasonOf", () => {
  test.each(troubles)("$reason: $title", ({ error, reason }) => {
    expect(reasonOf(error)).toBe(reason);
  });

  test.each(
    [null, undefined, "a text", 429, {}, { $metadata: null }, { $metadata: { httpStatusCode: "429" } }].map(
      (thrown) => ({ title: titleOf(thrown), thrown }),
    ),
  )("service-error: $title, which is no error of the SDK", ({ thrown }) => {
    expect(reasonOf(thrown)).toBe("service-error");
  });
});

describe("reasonOf a role that cannot be assumed", () => {
  const scp = "not authorized, with an explicit deny in a service control policy";
  const byNo = (policy: string) => `not authorized, because no ${policy} allows the sts:AssumeRole action`;
  const causes = [
    [serviceError("AccessDenied", 403), "role-not-assumable"],
    [serviceError("ExpiredTokenException", 400), "service-error"],
    [serviceError("InvalidClientTokenId", 403), "role-not-assumable"],
    [serviceError("RegionDisabledException", 403), "sts-not-activated"],
    [serviceError("OptInRequired", 403), "account-not-ready"],
    [serviceError("SubscriptionRequiredException", 403), "account-not-ready"],
    [serviceError("ValidationError", 400), "role-not-assumable"],
    [sdkError("CredentialsProviderError"), "role-not-assumable"],
    [serviceError("AccessDenied", 403, scp), "denied-by-scp"],
    [serviceError("AccessDenied", 403, byNo("resource control policy")), "denied-by-rcp"],
    [serviceError("AccessDenied", 403, byNo("VPC endpoint policy")), "denied-by-vpc-endpoint-policy"],
    [serviceError("AccessDenied", 403, byNo("permissions boundary")), "denied-by-permissions-boundary"],
    [serviceError("AccessDenied", 403, byNo("session policy")), "denied-by-session-policy"],
    [serviceError("AccessDenied", 403, byNo("identity-based policy")), "access-denied"],
    [serviceError("AccessDenied", 403, byNo("role trust policy")), "role-not-assumable"],
    [serviceError("AccessDenied", 403, byNo("resource-based policy")), "role-not-assumable"],
    [serviceError("Throttling", 400), "throttled"],
    [sdkError("TimeoutError"), "timeout"],
    [serviceError("InternalFailure", 500), "service-error"],
    [serviceError("ServiceUnavailable", 503), "service-error"],
    [networkError("ENOTFOUND"), "service-error"],
  ] as const;

  test.each(causes.map(([cause, reason]) => ({ title: titleOf(cause), cause, reason })))(
    "$reason: $title",
    ({ cause, reason }) => {
      expect(reasonOf(new RoleNotAssumableError(roleArn, cause))).toBe(reason);
    },
  );
});

describe("unreadableBecause", () => {
  test("names the call that failed and keeps what AWS said", () => {
    expect(unreadableBecause(serviceError("Throttling", 400, "Rate exceeded"), "ecr:Describe")).toEqual({
      state: "unreadable",
      reason: "throttled",
      operation: "ecr:Describe",
      detail: "Throttling: Rate exceeded",
    });
  });

  test("names AssumeRole, not the call that needed the role", () => {
    const error = new RoleNotAssumableError(roleArn, serviceError("AccessDenied", 403, "no trust"));
    expect(unreadableBecause(error, "ecr:Describe")).toEqual({
      state: "unreadable",
      reason: "role-not-assumable",
      operation: "sts:AssumeRole",
      detail: `${roleArn} could not be assumed: AccessDenied: no trust`,
    });
  });
});

describe("messageOf", () => {
  test.each([
    [new TypeError("said something"), "TypeError: said something"],
    [new TypeError(""), "TypeError"],
    ["a text", "a text"],
    [null, "null"],
  ])("%o", (thrown, message) => {
    expect(messageOf(thrown)).toBe(message);
  });

  test("says the code of an error that says nothing else", () => {
    const refused = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
    expect(messageOf(refused)).toBe("AggregateError: ECONNREFUSED");
  });
});

describe("errorName", () => {
  test.each([
    [serviceError("ValidationException", 400), "ValidationException"],
    [networkError("ETIMEDOUT"), "ETIMEDOUT"],
    [networkError("ECONNREFUSED"), "Error"],
    [{ name: 1 }, ""],
    ["a text", ""],
    [null, ""],
  ])("%o", (thrown, name) => {
    expect(errorName(thrown)).toBe(name);
  });
});

describe("credentials that were refused again after a renewal", () => {
  const member = "arn:aws:iam::444455556666:role/pull-through-auditor";
  const expired = serviceError("ExpiredToken", 403, "expired");
  const unknown = serviceError("InvalidClientTokenId", 403, "invalid");
  test.each([
    [
      null,
      expired,
      "the auditor's own credentials have expired, and no newer ones were found; renew them and audit again (sns:Publish: ExpiredToken: expired)",
    ],
    [
      null,
      unknown,
      "AWS does not accept the auditor's own credentials, even after reading them again; renew them, or enable the region if it is disabled in the account (sns:Publish: InvalidClientTokenId: invalid)",
    ],
    [
      member,
      expired,
      `the session of ${member} was revoked, and so was the session that replaced it; allow new sessions of the role and audit again (sns:Publish: ExpiredToken: expired)`,
    ],
    [
      member,
      unknown,
      `AWS does not accept the session of ${member}, nor the session that replaced it; enable the region if it is disabled in the account (sns:Publish: InvalidClientTokenId: invalid)`,
    ],
  ])("of %s: %s", (role, cause, message) => {
    expect(messageOf(new EndedCredentialsError("sns:Publish", role, cause))).toBe(message);
  });

  test("have the reason and the name of AWS's error", () => {
    const reasons = [expired, unknown].map((cause) => new EndedCredentialsError("sns:Publish", null, cause));
    expect(reasons.map(reasonOf)).toEqual(["service-error", "region-disabled"]);
    expect(reasons.map(errorName)).toEqual(["ExpiredToken", "InvalidClientTokenId"]);
  });

  test.each([expired, unknown])("blame no role that they could not assume: %s", (cause) => {
    const error = new RoleNotAssumableError(
      "arn:x",
      new EndedCredentialsError("sts:AssumeRole", null, cause),
    );
    expect(reasonOf(error)).toBe("service-error");
    expect(error.message).toMatch(/^arn:x could not be assumed: .*the auditor's own credentials/);
  });
});
