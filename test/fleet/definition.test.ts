import validate from "asl-validator";
import { describe, expect, it } from "vitest";
import { readDefinition } from "./support/definition.ts";

describe("the state machine's definition", () => {
  it("is valid Amazon States Language", async () => {
    const { isValid, errorsText } = validate(await readDefinition());
    expect(errorsText("\n")).toBe("");
    expect(isValid).toBe(true);
  });

  it("leads through its states to an end, whatever becomes of the batches", async () => {
    const { StartAt, States } = await readDefinition();
    expect(StartAt).toBe("Plan");
    expect(States["Plan"]).toMatchObject({ Next: "IsAnythingToRead" });
    expect(States["IsAnythingToRead"]).toMatchObject({ Choices: [{ Next: "Collect" }], Default: "Conclude" });
    expect(States.Collect).toMatchObject({
      ToleratedFailurePercentage: 100,
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "Conclude" }],
      Next: "Conclude",
    });
    expect(States["Conclude"]).toMatchObject({ End: true });
  });

  it("tries every function again when Lambda itself is in trouble, with growing and random pauses", async () => {
    const { States } = await readDefinition();
    const { ReadRegistries } = States.Collect.ItemProcessor.States;
    for (const state of [States["Plan"], ReadRegistries, States["Conclude"]]) {
      expect(state).toMatchObject({
        Retry: [
          {
            ErrorEquals: [
              "Lambda.ClientExecutionTimeoutException",
              "Lambda.ServiceException",
              "Lambda.AWSLambdaException",
              "Lambda.SdkClientException",
              "Lambda.TooManyRequestsException",
            ],
            BackoffRate: 2,
            JitterStrategy: "FULL",
          },
          { JitterStrategy: "FULL" },
        ],
      });
    }
  });
});
