#!/usr/bin/env node
import process from "node:process";
import { demoCommand } from "../demo/command.ts";
import { runProgram } from "../src/cli/program.ts";

// A reader that has seen enough, as `head` has, ends the output but not the audit: there may be people to tell.
process.stdout.on("error", (error) => {
  if (!("code" in error) || error.code !== "EPIPE") throw error;
});

process.exitCode = await runProgram(
  process.argv.slice(2),
  { output: process.stdout, errors: process.stderr, environment: process.env },
  [demoCommand],
);
