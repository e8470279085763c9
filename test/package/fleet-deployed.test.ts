import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { fleetFunctions } from "../fleet/support/definition.ts";
import { stateMachineError } from "../fleet/support/error.ts";
import { execute, type Invoke } from "../fleet/support/execution.ts";
import { fleet, HUB, MEMBER, REGION, settings } from "../functions/fleet.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { type DeployedFunction, deploy } from "./deployed.ts";
import { type Package, packaged } from "./packages.ts";

const BUCKET = "audits";

let zips: Package["zips"];
let deployed: ReadonlyMap<string, DeployedFunction>;

beforeAll(async () => {
  ({ zips } = await packaged());
  const functions = [...fleetFunctions, "audit"] as const;
  deployed = new Map(
    await Promise.all(
      functions.map(async (name) => [name, await deploy(zips[name], `functions/${name}.handler`)] as const),
    ),
  );
});

afterAll(() => Promise.all(Array.from(deployed.values(), (one) => one[Symbol.asyncDispose]())));

/** A simulated AWS with a bucket, at which the state machine's own calls arrive too, and its deployed functions. */
async function stage() {
  const world = fleet();
  world.accounts[HUB]?.regions[REGION]?.buckets.push(BUCKET);
  const simulator = await startSimulator(world);
  const environment = { ...simulator.env, ...settings, AUDIT_STORE: `s3://${BUCKET}/nightly` };
  for (const [name, value] of Object.entries(simulator.env)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    return simulator.close();
  });
  const invoke = async (name: string, payload: unknown): Promise<unknown> => {
    const outcome = await deployed.get(name)?.invoke(payload, environment);
    if (outcome === undefined) throw new Error(`${name} is not deployed`);
    if (outcome.end === "failed") throw stateMachineError(outcome.errorType, outcome.errorMessage);
    return outcome.response;
  };
  return { simulator, invoke };
}

/** What was told and kept, but for the audit's id and time. */
function leftBy({ events, published, objects }: Simulator): unknown {
  const files = Array.from(objects.get(BUCKET)?.keys() ?? []).filter((key) => !key.includes("/fleet/"));
  const left = {
    events: events.map(({ detailType, detail }) => ({ detailType, detail })),
    subjects: published.map(({ topicArn, subject }) => ({ topicArn, subject })),
    files: files.toSorted(),
  };
  return JSON.parse(
    JSON.stringify(left)
      .replace(/\d{8}T\d{6}Z-[0-9a-f]{8}/g, "ID")
      .replace(/[\d-]{10}T[\d:.]+Z/g, "TIME"),
  );
}

describe("the fleet's zips", () => {
  it.each(fleetFunctions)("%s is small, and holds nothing of another function", (name) => {
    expect(zips[name].byteLength).toBeLessThan(400_000);
    const modules = Object.keys(unzipSync(zips[name])).filter((path) => /^functions\/.*\.js$/.test(path));
    expect(modules).toContain(`functions/${name}.js`);
    expect(modules.filter((path) => !path.startsWith(`functions/${name}.`))).toEqual([]);
  });
});

describe("the deployed fleet", () => {
  it("audits as the deployed function does, and leaves its report and its page", async () => {
    const [one, other] = [await stage(), await stage()];
    await one.invoke("audit", {});
    const ended = await execute({}, other.invoke, 1);
    expect(ended).toMatchObject({
      end: "succeeded",
      output: { status: "non-compliant", coverage: { planned: 2, audited: 2 } },
    });
    const left = leftBy(other.simulator);
    expect(left).toEqual(leftBy(one.simulator));
    expect(left).toMatchObject({
      files: expect.arrayContaining([expect.stringMatching(/ID\/report\.html$/)]),
    });
  });

  it("counts a batch whose function fails as a gap, and concludes all the same", async () => {
    const { simulator, invoke } = await stage();
    const failing: Invoke = async (name, payload) => {
      if (name === "collect" && JSON.stringify(payload).includes(MEMBER)) {
        throw stateMachineError("Lambda.Unknown", "the process ended");
      }
      return invoke(name, payload);
    };
    expect(await execute({}, failing, 1)).toMatchObject({
      end: "succeeded",
      output: { coverage: { planned: 2, audited: 1, unreachable: 1 } },
    });
    expect(simulator.events.map(({ detailType }) => detailType)).toContain(
      "Pull Through Cache Audit Completed",
    );
  });
});
