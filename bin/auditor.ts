#!/usr/bin/env node
import process from "node:process";
import { demoCommand } from "../demo/command.ts";
import { runProgram } from "../src/cli/program.ts";

process.exitCode = await runProgram(
  process.argv.slice(2),
  { output: process.stdout, errors: process.stderr, environment: process.env },
  [demoCommand],
);
