#!/usr/bin/env node
import process from "node:process";
import { createInterface } from "node:readline/promises";
import { demoCommand } from "../demo/command.ts";
import { withLostOutput } from "../src/cli/exit-code.ts";
import { isOutputMissed, lostOutputText } from "../src/cli/output-file.ts";
import { runProgram } from "../src/cli/program.ts";

let [isOutputLost, isUnreached] = [false, false];

// A reader that has seen enough, as `head` has, or a disk that is full ends the output but not the audit: there may be
// people to tell.
process.stdout.on("error", (error) => {
  if (isOutputLost) return;
  isOutputLost = true;
  process.stderr.write(`The output was not written whole: ${lostOutputText(error)}\n`);
  isUnreached = isOutputMissed(error);
});

// There is nowhere left to say it.
process.stderr.on("error", () => undefined);

async function ask(question: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await prompt.question(question);
  } finally {
    prompt.close();
  }
}

const isAttended = process.stdin.isTTY && process.stderr.isTTY;
const streams = { output: process.stdout, errors: process.stderr, environment: process.env };

const code = await runProgram(process.argv.slice(2), isAttended ? { ...streams, ask } : streams, [
  demoCommand,
]);
// What is written last may fail a moment later: `process.stdout` tells it then.
process.exitCode = isUnreached ? withLostOutput(code) : code;
process.stdout.on("error", (error) => {
  if (isOutputMissed(error)) process.exitCode = withLostOutput(code);
});
