import { text } from "node:stream/consumers";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serve } from "../aws/local-server.ts";
import { fleet, HUB, REGION, settings } from "../functions/fleet.ts";
import { SECRET_PART, WEBHOOK } from "../functions/slack/channel.ts";
import { snsEvent } from "../functions/slack/events.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import type { World } from "../simulator/world.ts";
import { secret } from "../simulator/world-builder.ts";
import { type DeployedFunction, deploy } from "./deployed.ts";
import { type Package, packaged } from "./packages.ts";

const SECRET = "pull-through-auditor/slack";

let zips: Package["zips"];
let audit: DeployedFunction;
let slack: DeployedFunction;

beforeAll(async () => {
  ({ zips } = await packaged());
  [audit, slack] = await Promise.all([
    deploy(zips.audit, "functions/audit.handler"),
    deploy(zips.slack, "functions/slack.handler"),
  ]);
});

afterAll(() => Promise.all([audit[Symbol.asyncDispose](), slack[Symbol.asyncDispose]()]));

/** The fleet, whose hub has a secret with this value. */
function fleetWithSecret(value: string): World {
  const world = fleet();
  world.accounts[HUB]?.regions[REGION]?.secrets.push(secret(SECRET, { value }));
  return world;
}

/** Invokes the Slack function with the digest that the deployed audit published; its posts arrive at `here`. */
async function notifyOfAudit(simulator: Simulator, here: string) {
  await audit.invoke({}, { ...simulator.env, ...settings });
  const { default: digest } = simulator.published[0]?.messages ?? { default: "" };
  return slack.invoke(snsEvent(digest), {
    ...simulator.env,
    AUDIT_SLACK_SECRET: SECRET,
    SLACK_HERE: here,
    NODE_OPTIONS: `--import=${new URL("slack-here.ts", import.meta.url).href}`,
  });
}

describe("the Slack function's zip", () => {
  it("is small, and holds nothing of another function", () => {
    expect(zips.slack.byteLength).toBeLessThan(250_000);
    const modules = Object.keys(unzipSync(zips.slack)).filter((name) => /^functions\/.*\.js$/.test(name));
    expect(modules).toContain("functions/slack.js");
    expect(modules.filter((name) => !name.startsWith("functions/slack."))).toEqual([]);
  });
});

describe("the deployed Slack handler", () => {
  it("posts what the deployed audit published", async () => {
    await using simulator = await startSimulator(fleetWithSecret(WEBHOOK));
    const posts: unknown[] = [];
    const here = await serve(async (request, response) => {
      posts.push({ path: request.url, message: JSON.parse(await text(request)) });
      response.end("ok");
    });
    expect(await notifyOfAudit(simulator, here)).toEqual({ end: "answered", response: null });
    expect(posts).toMatchObject([
      {
        path: new URL(WEBHOOK).pathname,
        message: { text: "pull-through-auditor: 1 high failing" },
      },
    ]);
    expect(JSON.stringify(posts)).toContain("incorrect username or password");
  });

  it("fails when the secret holds no webhook, and does not say what it holds", async () => {
    await using simulator = await startSimulator(fleetWithSecret(`https://example.com/${SECRET_PART}`));
    const outcome = await notifyOfAudit(simulator, "http://127.0.0.1:1");
    expect(outcome).toMatchObject({ end: "failed", errorType: "WebhookAddressError" });
    expect(JSON.stringify(outcome)).not.toContain(SECRET_PART);
  });
});
