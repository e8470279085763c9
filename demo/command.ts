import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { Command } from "@commander-js/extra-typings";
import { type ExitCode, exitCode } from "../src/cli/exit-code.ts";
import { colorVariables, helpNotes } from "../src/cli/help-notes.ts";
import { tryFolder, tryOption } from "../src/cli/output-file.ts";
import { runProgram } from "../src/cli/program.ts";
import type { Terminal } from "../src/cli/terminal.ts";
import { type Simulator, startSimulator } from "../test/simulator/server.ts";
import { demoWorld } from "../test/simulator/worlds/demo/index.ts";
import { enterSimulatedAws } from "./environment.ts";
import { writeDemoPolicy } from "./policy.ts";

const topicArn = "arn:aws:sns:us-east-1:111122223333:pull-through-audit";

/** Defines `demo`: a complete audit, over HTTP, of a simulated organization. */
export function demoCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  return new Command("demo")
    .description("run a complete audit against a built-in simulated organization")
    .allowUnknownOption()
    .argument("[options...]", "options of audit, such as --format json")
    .addHelpText("after", helpNotes(["demo", "demo --format json", "demo --store store"], colorVariables))
    .action(async (options) => {
      const now = new Date();
      const folder = join(process.cwd(), "reports");
      const page = join(folder, "demo.html");
      await using simulator = await startSimulator(demoWorld(now));
      const environment = enterSimulatedAws(simulator.env, {
        AUDIT_TOPIC_ARN: topicArn,
        AUDIT_EVENT_BUS: "pull-through-auditor",
        AUDIT_CONFIRM_AFTER_SECONDS: "1",
      });
      await tryOption(`The demo writes its page to ${folder}`, tryFolder(folder));
      await mkdir(folder, { recursive: true });
      const policy = join(folder, "demo-policy.json");
      await writeDemoPolicy(policy, now);
      const args = ["audit", "--policy", policy, "--publish", ...formats(page, options)];
      const code = await runProgram([...args, ...options], { ...terminal, environment });
      terminal.errors.write(closingText(code, simulator, page));
      finish(isOutcome(code) ? exitCode.compliant : code);
    });
}

/** The formats of the audit: the HTML report, and text if the user asked for no other format. */
function formats(page: string, options: readonly string[]): readonly string[] {
  const asked = options.some((option) => /^(--format(=|$)|-f)/.test(option));
  return ["--format", `html=${page}`, ...(asked ? [] : ["--format", "text"])];
}

/** Whether an audit that ran to its end exits with this code. */
function isOutcome(code: ExitCode): boolean {
  return code === exitCode.compliant || code === exitCode.failing || code === exitCode.incomplete;
}

function closingText(code: ExitCode, { calls, published, events }: Simulator, page: string): string {
  return [
    "",
    `This was a simulated organization, audited over HTTP with ${calls.length} calls. The audit published`,
    `${published.length} SNS digests and ${events.length} events. On a real organization it would exit with ${code}.`,
    ...(isOutcome(code) ? [`The HTML report is ${page}: open it in a browser.`] : []),
    "",
  ].join("\n");
}
