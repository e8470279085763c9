import { describe, expect, it } from "vitest";
import { exitCode } from "../../src/cli/exit-code.ts";
import { runProgram } from "../../src/cli/program.ts";
import { smallWorld } from "../e2e/support/organization.ts";
import { setStage } from "../e2e/support/stage.ts";
import { collectText } from "./support/collected-text.ts";
import { worlds } from "./support/worlds.ts";

describe("bad usage ends with 64 and is explained on standard error:", () => {
  it.each([
    [[], "Usage: pull-through-auditor"],
    [["nonsense"], "unknown command 'nonsense'"],
    [["audit", "extra"], "too many arguments for 'audit'"],
    [["audit", "--policy"], "argument missing"],
    [["audit", "--policy", ""], "option '-p, --policy <file>' argument '' is invalid. It is empty."],
    [["audit", "--role-name", " "], "It is empty."],
    [["audit", "--external-id", ""], "It is empty."],
    [["audit", "--concurrency", ""], "It is empty."],
    [["audit", "--concurrency", "0"], "It must be from 1 to 1000."],
    [
      ["audit", "--role-name", "team/"],
      "It must be the name of an IAM role, after its path if it has one, such as team/role.",
    ],
    [["audit", "--external-id", "x"], "It must be an external id of 2 to 1224 characters."],
    [
      ["audit", "--store", "s3://B"],
      "It must be s3://bucket/prefix or a path: the bucket name is missing or not valid.",
    ],
    [["audit", "--accounts", ""], '"" must be a 12-digit AWS account id'],
    [["audit", "--regions", "eu-west-1,Ireland"], '"Ireland" must be the code of an AWS region'],
    [["audit", "--prefixes", "x"], '"x"'],
    [
      ["audit", "--fail-on", "urgent"],
      "Allowed choices are critical, high, medium, low, informational, never",
    ],
    [["audit", "--format", "xml"], "Unknown format xml. Known formats: text, json"],
    [["audit", "--format", "json="], "the file name is missing"],
    [
      ["audit", "--format", "json", "--format", "text"],
      "Only one --format can be written to standard output",
    ],
    [["policy"], "Usage: pull-through-auditor policy"],
  ])("%j", async (words, explanation) => {
    const { code, output, errors } = await collectText(words);
    expect({ code, output }).toEqual({ code: exitCode.usage, output: "" });
    expect(errors).toContain(explanation);
  });
});

describe("help is what was asked for:", () => {
  it.each([
    [["--help"], "Commands:"],
    [["audit", "--help"], "--fail-on <severity>"],
    [["policy", "lint", "--help"], "policy lint [options] <files...>"],
    [["help"], "Commands:"],
    [["help", "audit"], "--fail-on <severity>"],
    [["help", "policy"], "write, validate, test and show policies"],
    [["help", "policy", "lint"], "policy lint [options] <files...>"],
    [["audit", "-h"], "--fail-on <severity>"],
    [["-v"], "0."],
  ])("%j", async (words, text) => {
    const { code, output, errors } = await collectText(words);
    expect({ code, errors }).toEqual({ code: exitCode.compliant, errors: "" });
    expect(output).toContain(text);
  });
});

const colorCode = "\u001b[";
/** Whatever the terminal is like in which the tests run. */
const plainTerminal = { NO_COLOR: undefined, FORCE_COLOR: undefined, TERM: "xterm" };

describe("colour and progress", () => {
  it.each([
    { where: "on a terminal", colored: true, moving: true },
    { where: "on a terminal, with --no-color", words: ["--no-color"], colored: false, moving: true },
    { where: "on a terminal, with NO_COLOR", environment: { NO_COLOR: "1" }, colored: false, moving: true },
    { where: "on a terminal, quietly", words: ["--quiet"], colored: true, moving: false },
    { where: "elsewhere", streams: {}, colored: false, moving: false },
    {
      where: "elsewhere, with FORCE_COLOR",
      streams: {},
      environment: { FORCE_COLOR: "1" },
      colored: true,
      moving: false,
    },
  ])("$where", async ({ words = [], environment = {}, streams = { isTTY: true }, colored, moving }) => {
    await using stage = await setStage(worlds.failing());
    const { code, output, errors } = await collectText(
      ["audit", ...words],
      { ...process.env, ...plainTerminal, ...environment },
      streams,
    );
    expect(code).toBe(exitCode.failing);
    expect(output.includes(colorCode)).toBe(colored);
    expect(errors.includes("\r\u001b[K3 of 3 registries")).toBe(moving);
    expect(errors.endsWith(moving ? "\r\u001b[K" : "")).toBe(true);
    expect(stage.callsOf("DescribePullThroughCacheRules")).toHaveLength(3);
  });

  it("no colour goes into a file, nor into JSON", async () => {
    await using stage = await setStage(worlds.failing());
    expect(stage.policyFile).not.toBe("");
    const { output } = await collectText(["audit", "--format", "json"], process.env, { isTTY: true });
    expect(output).not.toContain(colorCode);
  });
});

it("the text is as wide as the terminal", async () => {
  await using stage = await setStage(worlds.failing());
  expect(stage.simulator.calls).toEqual([]);
  const widest = async (columns: number) => {
    const { output } = await collectText(["audit"], { ...process.env, ...plainTerminal }, { columns });
    // Commands and addresses are never wrapped, so that they can be copied.
    const wrapped = output.split("\n").filter((line) => !/^\s+(aws |https:)/.test(line));
    return Math.max(...wrapped.map(({ length }) => length));
  };
  const [narrow, wide] = [await widest(60), await widest(110)];
  expect(wide).toBeGreaterThan(60);
  expect(narrow).toBeLessThan(wide);
});

it("a report that cannot be written to its file is bad usage, and the error names the file", async () => {
  await using stage = await setStage(smallWorld());
  const { code, errors } = await collectText(
    ["audit", "--format", `json=${stage.policyFile}/x.json`],
    process.env,
  );
  expect(code).toBe(exitCode.usage);
  expect(errors).toContain(`--format json=${stage.policyFile}/x.json: `);
});

it("a defect ends with 70 and a stack trace", async () => {
  const errors: string[] = [];
  const broken = {
    write: () => {
      throw new Error("the pipe is gone");
    },
  };
  const code = await runProgram(["checks"], {
    output: broken,
    errors: { write: (text) => errors.push(text) },
    environment: {},
  });
  expect(code).toBe(exitCode.defect);
  expect(errors.join("")).toMatch(/the pipe is gone\n +at /);
});
