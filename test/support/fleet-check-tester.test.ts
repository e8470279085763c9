import { describe, expect, it } from "vitest";
import { defineFleetCheck } from "../../src/checks/define-check.ts";
import { type CheckText, type FleetRule, pass, type Verdict } from "../../src/checks/verdict.ts";
import { aPolicy, aRegistryOf, aTarget } from "./builders.ts";
import { type FleetTrial, tryOnFleet, tryWaivingFleet } from "./fleet-check-tester.ts";

type ExampleKinds = { odd: { region: string } };

const policy = aPolicy();
const ireland = aRegistryOf({});
const virginia = { ...aRegistryOf({}), target: aTarget({ region: "us-east-1" }) };
const odd = { kind: "odd", prefix: "docker-hub", data: { region: "us-east-1" } };

const trial: FleetTrial = {
  given: { name: "one is odd", registries: [ireland, virginia] },
  status: "FAIL",
  says: [{ region: "us-east-1", ...odd }],
};

const text: CheckText<ExampleKinds> = {
  title: "Example",
  failsWhen: "a rule is odd",
  kinds: { odd: { title: "Odd", message: ({ region }) => region, remediation: () => "Mend it." } },
};

/** A check that calls the rules outside Ireland odd, and speaks as `change` makes it. */
function checkThat(change: (failure: Verdict<ExampleKinds>, of: FleetRule) => Verdict<ExampleKinds>) {
  return defineFleetCheck({
    id: "example",
    severity: "low",
    text,
    remediation: { odd: "instruct" },
    predictable: false,
    evaluate: (rules) =>
      rules.map((of) => {
        const { region } = of.target;
        const failure = { status: "FAIL", kind: "odd", data: { region } } as const;
        return { of, verdict: region === "eu-west-1" ? pass : change(failure, of) };
      }),
  });
}

const sound = checkThat((failure) => failure);

describe("a trial on a fleet", () => {
  it("succeeds when the check says what is expected, and passes all else", () => {
    expect(() => tryOnFleet(sound, trial, policy)).not.toThrow();
  });

  it.each([
    { defect: "passes all", check: checkThat(() => pass) },
    { defect: "has another subject", check: checkThat((failure) => ({ ...failure, subject: "b" })) },
    {
      defect: "has another status",
      check: checkThat(() => ({ status: "UNKNOWN", kind: "odd", data: { region: "us-east-1" } })),
    },
    {
      defect: "has other data",
      check: checkThat(() => ({ status: "FAIL", kind: "odd", data: { region: "eu-west-1" } })),
    },
    {
      defect: "throws",
      check: checkThat(() => {
        throw new Error("broken");
      }),
    },
    {
      defect: "changes a rule",
      check: checkThat((failure, { rule }) => {
        Object.assign(rule, { upstreamRegistryUrl: "quay.io" });
        return failure;
      }),
    },
  ])("fails when the check $defect", ({ check }) => {
    expect(() => tryOnFleet(check, trial, policy)).toThrow();
  });

  it("fails when the check speaks of another registry", () => {
    const elsewhere: FleetTrial = { ...trial, says: [{ region: "eu-west-1", ...odd }] };
    expect(() => tryOnFleet(sound, elsewhere, policy)).toThrow();
  });

  it("fails when the check speaks although nothing is expected", () => {
    expect(() => tryOnFleet(sound, { ...trial, says: "nothing" }, policy)).toThrow();
  });

  it("fails when something fails that should pass", () => {
    expect(() => tryOnFleet(sound, { ...trial, status: "PASS", says: "passes" }, policy)).toThrow();
  });
});

describe("a trial of a waiver on a fleet", () => {
  it("succeeds when the failure is waived", () => {
    expect(() => tryWaivingFleet(sound, trial, policy)).not.toThrow();
  });

  it("fails when the check does not fail", () => {
    expect(() =>
      tryWaivingFleet(
        checkThat(() => pass),
        trial,
        policy,
      ),
    ).toThrow();
  });
});
