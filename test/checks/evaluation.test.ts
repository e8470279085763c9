import { describe, expect, it } from "vitest";
import { checkCrashed } from "../../src/checks/evaluation.ts";

describe("checkCrashed", () => {
  it("says under the check's own title why it can not tell", () => {
    const place = { account: "111122223333", region: "eu-west-1" };
    const evaluation = checkCrashed("Upstream allowlist", place, new TypeError("x is not a function"));
    expect(evaluation).toMatchObject({ status: "UNKNOWN", prefix: null, subject: "", kind: "check-crashed" });
    expect(evaluation.prose()).toMatchObject({
      title: "Check failed to run: Upstream allowlist",
      message: "The check itself failed: TypeError: x is not a function",
    });
  });
});
