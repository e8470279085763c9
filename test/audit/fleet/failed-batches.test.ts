import { describe, expect, it } from "vitest";
import { batchFailureEvidence, readBatchFailures } from "../../../src/audit/fleet/failed-batches.ts";
import type { Target } from "../../../src/ecr/target.ts";
import { aTarget } from "../../support/builders.ts";
import { aFleetStorage } from "./storages.ts";

const lost = aTarget({ region: "eu-west-1" });
const FOLDER = "fleet/1/results";
const FILE = `${FOLDER}/6dbfba93/FAILED_0.json`;

/** What Step Functions leaves of a batch that failed, and what is not as usual about it. */
function aFailure(overrides: Readonly<Record<string, unknown>> = {}) {
  return {
    ExecutionArn: "arn:aws:states:eu-west-1:111122223333:execution:auditor/Collect:1",
    Status: "FAILED",
    Input: inputOf(lost),
    Error: "Runtime.ExitError",
    Cause: '{"errorType":"Runtime.ExitError","errorMessage":"signal: killed"}',
    ...overrides,
  };
}

function inputOf(...Items: readonly Target[]): string {
  return JSON.stringify({ BatchInput: { auditId: "1" }, Items });
}

async function batchFailureIn(files: Readonly<Record<string, unknown>>, target = lost) {
  const { operation, reason, detail } = batchFailureEvidence(
    target,
    await readBatchFailures(aFleetStorage(files), FOLDER),
  );
  expect(operation).toBe("lambda:Invoke");
  return { reason, detail };
}

const unexplained = {
  reason: "service-error",
  detail: "No function read it. See the execution of the state machine and its Map Run for the reason.",
};
const failed = (said: string, reason = "service-error") => ({
  reason,
  detail: `The function that should read it failed: ${said}`,
});

describe("a registry of a failed batch", () => {
  it.each([
    ["what the function said", {}, failed("Runtime.ExitError: signal: killed")],
    ["a cause that is no JSON", { Cause: "Rate Exceeded." }, failed("Runtime.ExitError: Rate Exceeded.")],
    ["a cause that is other JSON", { Cause: "[1]" }, failed("Runtime.ExitError: [1]")],
    ["an error alone", { Cause: undefined }, failed("Runtime.ExitError")],
    ["a cause alone", { Error: undefined, Cause: "Aborted" }, failed("Aborted")],
    [
      "a function that ran out of time",
      { Error: "Sandbox.Timedout", Cause: '{"errorMessage":"Task timed out after 600.00 seconds"}' },
      failed("Sandbox.Timedout: Task timed out after 600.00 seconds", "timeout"),
    ],
    [
      "a timeout that Lambda reported under its old name",
      {
        Error: "Lambda.Unknown",
        Cause: "The cause could not be determined: Task timed out after 600.00 seconds",
      },
      failed(
        "Lambda.Unknown: The cause could not be determined: Task timed out after 600.00 seconds",
        "timeout",
      ),
    ],
    [
      "a state that took too long",
      { Error: "States.Timeout", Cause: "" },
      failed("States.Timeout", "timeout"),
    ],
  ])("is reported with %s", async (_what, spoiled, batchFailure) => {
    expect(await batchFailureIn({ [FILE]: [aFailure(spoiled)] })).toEqual(batchFailure);
  });

  it("is reported whichever file its batch is in", async () => {
    const other = aFailure({ Input: inputOf(aTarget({ region: "us-east-1" })), Error: "Other" });
    const files = { [FILE]: [other], [`${FOLDER}/6dbfba93/FAILED_1.json`]: [other, aFailure()] };
    expect(await batchFailureIn(files)).toEqual(failed("Runtime.ExitError: signal: killed"));
  });

  it.each([
    ["nothing", {}],
    ["of other batches", { [FILE]: [aFailure({ Input: inputOf(aTarget({ region: "us-east-1" })) })] }],
    ["of batches that went well", { [`${FOLDER}/6dbfba93/SUCCEEDED_0.json`]: [aFailure()] }],
    ["without an input", { [FILE]: [aFailure({ Input: undefined })] }],
    ["with another input", { [FILE]: [aFailure({ Input: "{}" })] }],
    ["with an input that is no JSON", { [FILE]: [aFailure({ Input: "…" })] }],
    ["what is no list", { [FILE]: {} }],
    ["what is no JSON", { [FILE]: "…" }],
  ])("is reported without a reason if Step Functions left %s", async (_what, files) => {
    expect(await batchFailureIn(files)).toEqual(unexplained);
  });
});
