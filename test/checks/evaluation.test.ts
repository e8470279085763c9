import { describe, expect, it } from "vitest";
import { checkCrashed } from "../../src/checks/evaluation.ts";
import { rootPrefix } from "../../src/checks/root-prefix/check.ts";
import { unreadable, unreadableReasonSchema } from "../../src/facts/evidence.ts";
import { reasonAdvice } from "../../src/facts/reason-advice.ts";
import { aPolicy, aSnapshot, NOW } from "../support/builders.ts";

describe("checkCrashed", () => {
  it("reports the error under the title of the check", () => {
    const place = { account: "111122223333", region: "eu-west-1" };
    const evaluation = checkCrashed("Upstream allowlist", place, new TypeError("x is not a function"));
    expect(evaluation).toMatchObject({ status: "UNKNOWN", prefix: null, subject: "", kind: "check-crashed" });
    expect(evaluation.prose()).toMatchObject({
      title: "Check failed to run: Upstream allowlist",
      message: "The check threw an error: TypeError: x is not a function",
    });
  });
});

describe("what could not be read", () => {
  it.each(unreadableReasonSchema.options)("has the advice of the gap that it makes: %s", (reason) => {
    const [evaluation] = rootPrefix.evaluate({
      registry: aSnapshot({ rules: unreadable(reason, "ecr:DescribePullThroughCacheRules", "no") }),
      policy: aPolicy(),
      now: NOW,
      inScope: () => true,
    });
    expect(evaluation?.prose().remediation).toBe(reasonAdvice[reason].advice);
    expect(evaluation?.action()).toEqual({ action: "never-fails" });
  });
});
