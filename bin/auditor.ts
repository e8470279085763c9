#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import process from "node:process";

// What V8 compiled is kept for the next run. It has to be switched on before the modules are loaded that it is for.
enableCompileCache();
const { neutralLines } = await import("../src/core/inline-text.ts");
const { withLostOutput } = await import("../src/cli/exit-code.ts");
const { isOutputMissed, lostOutputText } = await import("../src/cli/output-file.ts");
const { runProgram } = await import("../src/cli/program.ts");

let [isOutputLost, isUnreached] = [false, false];

// A reader that has seen enough, as `head` has, or a disk that is full ends the output but not the audit: there may be
// people to tell.
process.stdout.on("error", (error) => {
  if (isOutputLost) return;
  isOutputLost = true;
  process.stderr.write(`The output was not written whole: ${neutralLines(lostOutputText(error))}\n`);
  isUnreached = isOutputMissed(error);
});

// There is nowhere left to say it.
process.stderr.on("error", () => undefined);

async function ask(question: string): Promise<string> {
  const { createInterface } = await import("node:readline/promises");
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await prompt.question(question);
  } finally {
    prompt.close();
  }
}

const isAttended = process.stdin.isTTY && process.stderr.isTTY;
const streams = { output: process.stdout, errors: process.stderr, environment: process.env };

const code = await runProgram(process.argv.slice(2), isAttended ? { ...streams, ask } : streams, {
  demo: async () => (await import("../demo/command.ts")).demoCommand,
});
// What is written last may fail a moment later: `process.stdout` tells it then.
process.exitCode = isUnreached ? withLostOutput(code) : code;
process.stdout.on("error", (error) => {
  if (isOutputMissed(error)) process.exitCode = withLostOutput(code);
});
