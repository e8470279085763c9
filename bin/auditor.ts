#!/usr/bin/env node
import process from "node:process";
import { createInterface } from "node:readline/promises";
import { demoCommand } from "../demo/command.ts";
import { runProgram } from "../src/cli/program.ts";

// A reader that has seen enough, as `head` has, ends the output but not the audit: there may be people to tell.
process.stdout.on("error", (error) => {
  if (!("code" in error) || error.code !== "EPIPE") throw error;
});

async function ask(question: string): Promise<string> {
  const desk = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await desk.question(question);
  } finally {
    desk.close();
  }
}

const isAttended = process.stdin.isTTY && process.stderr.isTTY;
const streams = { output: process.stdout, errors: process.stderr, environment: process.env };

process.exitCode = await runProgram(process.argv.slice(2), isAttended ? { ...streams, ask } : streams, [
  demoCommand,
]);
