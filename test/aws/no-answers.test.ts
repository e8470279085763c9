import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Effect, Fault } from "../simulator/faults.ts";
import { type Call, defaultsFor, everyCall, organizationWith } from "./every-call.ts";

// The SDK draws its pauses between attempts at random, up to seconds: here it always draws none.
beforeEach(() => {
  vi.spyOn(Math, "random").mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function sources(): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const folders = await Promise.all(
    ["src", "functions"].map((folder) => readdir(folder, { recursive: true, withFileTypes: true })),
  );
  const paths = folders
    .flat()
    .filter(({ name }) => name.endsWith(".ts"))
    .map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(path, "utf8") })));
}

describe("the calls of AWS", () => {
  test("are all in the table below", async () => {
    const declared = (await sources())
      .filter(({ path }) => path.startsWith("src/"))
      .flatMap(({ text }) =>
        [...text.matchAll(/operation\(\{[^}]*?name: "([^"]+)"/gs)].map(([, name]) => name),
      );
    expect(declared.toSorted()).toEqual(Object.keys(everyCall).toSorted());
  });

  test("are made by operations, which read what is answered, and by nothing else", async () => {
    const sending = (await sources()).filter(({ text }) => {
      const isOperation = /send: \([^)]*\) => (?:client\.send|ask)\(command(?:, options)?\)/g;
      const isHandedOn = /\(command\) => (?:asHub\(\(\) => )?sts\.send\(command\)/g;
      return /\.send\(|\bpaginate[A-Z]/.test(text.replace(isOperation, "").replace(isHandedOn, ""));
    });
    expect(sending.map(({ path }) => path)).toEqual([]);
  });
});

const spoilings = ["no-members", "empty-body", "null", "no-content", "html", "truncated"] as const;

function effectsOn({ members, wrong = {} }: Call): readonly Effect[] {
  return [
    ...spoilings.map((as) => ({ kind: "spoil", as }) as const),
    ...members.map((member) => ({ kind: "change", member }) as const),
    ...Object.entries(wrong).flatMap(([member, values]) =>
      values.map((value) => ({ kind: "change", member, value }) as const),
    ),
  ];
}

function inWords(effect: Effect): string {
  return JSON.stringify(effect.kind === "change" ? { without: effect.member, ...effect } : effect);
}

async function outcomeOf(name: string, call: Call, effect: Effect): Promise<unknown> {
  const [prefix = "", operation = ""] = name.split(":");
  // IAM and the signature name it differently.
  const service = prefix === "cloudwatch" ? "monitoring" : prefix;
  const fault: Fault = { on: { operation }, effect };
  const simulator = await organizationWith([fault]);
  try {
    const answer = await call.make(defaultsFor(simulator));
    expect(simulator.calls.some((made) => made.service === service && made.operation === operation)).toBe(
      true,
    );
    return isRefusal(answer) ? answer : { believed: answer };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : error };
  }
}

function isRefusal(answer: unknown): boolean {
  if (typeof answer !== "object" || answer === null) return false;
  const isUnreadable = "state" in answer && answer.state === "unreadable";
  return isUnreadable || ("outcome" in answer && answer.outcome === "refused");
}

/** Called as a precaution, also by callers without the permission: events are delivered regardless. */
const precaution = "events:DescribeEventBus";

test(`${precaution} without an answer does not prevent the delivery of events`, async () => {
  const call = everyCall[precaution];
  expect(call).toBeDefined();
  for (const as of spoilings) {
    const answer = call && (await outcomeOf(precaution, call, { kind: "spoil", as }));
    expect(answer).toHaveProperty("believed");
  }
});

const calls = Object.entries(everyCall).filter(([name]) => name !== precaution);

describe.each(calls)("%s", (name, call) => {
  test("returns its data", async () => {
    const answer = await outcomeOf(name, call, { kind: "delay", milliseconds: 0 });
    expect(answer).toHaveProperty("believed");
  });

  test("believes no answer without content, and says so", { timeout: 60_000 }, async () => {
    const effects = effectsOn(call);
    const outcomes = await Promise.all(
      effects.map(async (effect) => [inWords(effect), await outcomeOf(name, call, effect)] as const),
    );
    const believed = outcomes.filter(
      ([, outcome]) => Object(outcome).believed !== undefined || !isSaid(outcome),
    );
    expect(believed).toEqual([]);
    expect(outcomes).toHaveLength(effects.length);
  });

  function isSaid(outcome: unknown): boolean {
    const text = JSON.stringify(outcome);
    // The result of each single event and finding is reported.
    return (text.includes(name) || text.includes("NoResult")) && /AWS|answer|response/.test(text);
  }
});
