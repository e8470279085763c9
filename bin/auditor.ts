#!/usr/bin/env node
import * as nodeModule from "node:module";
import process from "node:process";
import type { ExitCode } from "../src/cli/exit-code.ts";

// Earlier versions have not all that the imported modules use, and would say so in words for developers.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(`pull-through-auditor needs Node.js 22.12 or later; this is ${process.version}.\n`);
  process.exit(69);
}

// npm runs this project's scripts in the project's folder, but paths are from where the user stands.
const { npm_lifecycle_event: script = "", INIT_CWD: start } = process.env;
if (start !== undefined && ["auditor", "demo"].includes(script)) process.chdir(start);

// Stores what V8 compiled for the next run. It must be enabled before the modules are loaded.
nodeModule.enableCompileCache();
const { neutralLines } = await import("../src/core/inline-text.ts");
const { withClosedOutput, withLostOutput } = await import("../src/cli/exit-code.ts");
const { isLostOutput, lostOutputText } = await import("../src/cli/output-file.ts");
const { runProgram } = await import("../src/cli/program.ts");

type Adjust = (code: ExitCode) => ExitCode;
let adjust: Adjust = (code) => code;
let isCut = false;

// A reader that closes the pipe early, as `head` does, or a full disk ends the output but not the audit: alerts may
// still have to be delivered.
process.stdout.on("error", (error) => {
  if (isCut) return;
  isCut = true;
  process.stderr.write(`The output is incomplete: ${neutralLines(lostOutputText(error))}\n`);
  adjust = isLostOutput(error) ? withLostOutput : withClosedOutput;
});

// An error on standard error cannot be reported anywhere.
process.stderr.on("error", () => undefined);

async function ask(question: string): Promise<string | null> {
  const { askOn } = await import("../src/cli/ask.ts");
  return askOn(process.stdin, process.stderr, question);
}

const isAttended = process.stdin.isTTY && process.stderr.isTTY;
const streams = { output: process.stdout, errors: process.stderr, environment: process.env };

const code = await runProgram(process.argv.slice(2), isAttended ? { ...streams, ask } : streams, {
  demo: async () => (await import("../demo/command.ts")).demoCommand,
});
// The last write may fail after this line: `process.stdout` then emits an error.
process.exitCode = adjust(code);
process.stdout.on("error", () => {
  process.exitCode = adjust(code);
});
