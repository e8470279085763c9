import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-file.ts";
import { type ChangingCall, exceptionMeanings } from "../../src/remediation/apply/exceptions.ts";
import { collectText } from "../cli/support/collected-text.ts";
import type { Rule } from "../simulator/world.ts";
import { account, registry, rule, world } from "../simulator/world-builder.ts";
import { HUB } from "./support/organization.ts";
import { setStage } from "./support/stage.ts";

const REGION = "us-east-1";
const ROLE = `arn:aws:iam::${HUB}:role/ecr-pull`;
const fromElsewhere = rule("base", "ecr", {
  upstreamRegistryUrl: `999988887777.dkr.ecr.${REGION}.amazonaws.com`,
});

const operations = {
  create: "CreatePullThroughCacheRule",
  update: "UpdatePullThroughCacheRule",
  delete: "DeletePullThroughCacheRule",
} as const satisfies Record<ChangingCall, string>;

/** The rules that need each call, by a policy that requires one for Kubernetes. */
const rulesNeeding: Readonly<Record<ChangingCall, readonly Rule[]>> = {
  create: [],
  update: [fromElsewhere, rule("kubernetes", "k8s")],
  delete: [rule("kubernetes", "k8s"), rule("chainguard", "chainguard")],
};

const cases = Object.entries(exceptionMeanings).flatMap(([call, words]) =>
  Object.entries(words).map(([exception, meaning]) => ({ call, exception, meaning })),
);

function isCall(name: string): name is ChangingCall {
  return Object.hasOwn(operations, name);
}

describe("the exceptions that apply explains", () => {
  it.each(Object.entries(operations))("are those that AWS documents for %s", (call, operation) => {
    const types = `node_modules/@aws-sdk/client-ecr/dist-types/commands/${operation}Command.d.ts`;
    const text = readFileSync(packageFile(types), "utf8");
    const documented = Array.from(text.matchAll(/@throws \{@link (\w+)\}/g), ([, name = ""]) => name);
    const known = isCall(call) ? Object.keys(exceptionMeanings[call]) : [];
    expect(known.toSorted()).toEqual(documented.filter((name) => name !== "ECRServiceException").toSorted());
  });

  it.each(cases)(
    "$call: $exception has its own explanation and leaves nothing half done",
    async ({ call, exception, meaning }) => {
      if (!isCall(call)) throw new Error(call);
      const status = exception === "ServerException" ? 500 : 400;
      const rules = rulesNeeding[call];
      await using stage = await setStage(
        world({
          hub: { region: REGION },
          accounts: [account(HUB, { regions: { [REGION]: registry(structuredClone(rules)) } })],
          faults: [
            {
              on: { operation: operations[call] },
              effect: { kind: "refuse", code: exception, message: "as AWS says it", status },
            },
          ],
        }),
        {
          policy: {
            scope: { accounts: "current", regions: [REGION] },
            allowedUpstreams: [{ registry: "k8s" }, { registry: "ecr" }],
            requiredRules: [{ prefix: "kubernetes", registry: "k8s" }],
          },
        },
      );
      const file = join(stage.policyFile, "..", "plan.json");
      const planned = await collectText(
        ["plan", "--role", ROLE, "--quiet", "--format", `json=${file}`],
        process.env,
      );
      expect(planned).toMatchObject({ code: 1, errors: "" });
      const words = ["apply", file, "--yes", "--allow-replace", "--allow-delete"];
      const { code, output } = await collectText(words, process.env);
      expect(code).toBe(1);
      expect(output).toContain("failed: ");
      expect(output).toContain(`${operations[call]}: ${meaning}. AWS said: ${exception}: as AWS says it`);
      expect(stage.simulator.world.accounts[HUB]?.regions[REGION]?.rules).toEqual(rules);
      const journal = await readFile(`${file}.journal`, "utf8");
      const events = journal
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).event);
      expect(events).toEqual(["begun", "failed"]);
    },
  );
});
