import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { type ExitCode, exitCode, isOutcome } from "../src/cli/exit-code.ts";
import { colorVariables, helpNotes } from "../src/cli/help-notes.ts";
import { tryFolder, tryOption } from "../src/cli/output-file.ts";
import { runProgram } from "../src/cli/program.ts";
import { type Terminal, UsageError } from "../src/cli/terminal.ts";
import { counted } from "../src/render/words.ts";
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
    .option("--nights <n>", "store the audits of so many nights instead, up to 365", numberOfNights)
    .option("--store <location>", "as of audit; with --nights a folder that has no audits yet")
    .argument("[options...]", "options of audit, such as --format json")
    .addHelpText(
      "after",
      helpNotes(["demo", "demo --format json", "demo --store store", "demo --nights 90"], colorVariables),
    )
    .action(async (others, { nights, store }) => {
      if (nights !== undefined) {
        if (others.length > 0) throw new UsageError("--nights takes no other option than --store.");
        await makeStore(nights, store ?? join("reports", "nights"), terminal);
        return finish(exitCode.compliant);
      }
      const options = store === undefined ? others : [...others, "--store", store];
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
      if (simulator.calls.length > 0) terminal.errors.write(closingText(code, simulator, page));
      finish(isOutcome(code) ? exitCode.compliant : code);
    });
}

/** @throws UsageError if audits are stored in the folder: the store would no longer be the same each time */
async function makeStore(nights: number, folder: string, { errors, environment }: Terminal): Promise<void> {
  if (folder.startsWith("s3://")) throw new UsageError("--nights stores audits in a folder only.");
  await tryOption(`--store ${folder}`, tryFolder(folder));
  if (existsSync(join(folder, "state.json"))) {
    throw new UsageError(`${folder} has audits: name another folder with --store, or delete it.`);
  }
  const { auditNights, periodOf } = await import("./nights.ts");
  const audits = await auditNights(folder, nights, topicArn, (night) => {
    if (night % 10 === 0 && night < nights) errors.write(`${night} of ${nights} nights\n`);
  });
  const { from, to } = periodOf(nights);
  const isInstalled = environment["npm_lifecycle_event"] === undefined;
  const program = isInstalled ? "pull-through-auditor" : "npm run --silent auditor --";
  const lines = [
    `${counted(audits, "audit")} of a simulated organization, ${from} to ${to}, ${audits === 1 ? "is" : "are"} stored in ${folder}.`,
    "See what they prove:",
    `  ${program} evidence --store ${folder} --from ${from} --to ${to} > evidence.html`,
    `  ${program} evidence verify --store ${folder}`,
  ];
  errors.write(`${lines.join("\n")}\n`);
}

function numberOfNights(text: string): number {
  const nights = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (nights < 1 || nights > 365) throw new InvalidArgumentError("It must be a whole number from 1 to 365.");
  return nights;
}

/** The formats of the audit: the HTML report, and text if the user asked for no other format. */
function formats(page: string, options: readonly string[]): readonly string[] {
  const asked = options.some((option) => /^(--format(=|$)|-f)/.test(option));
  return ["--format", `html=${page}`, ...(asked ? [] : ["--format", "text"])];
}

function closingText(code: ExitCode, { calls, published, events }: Simulator, page: string): string {
  return [
    "",
    `This was a simulated organization, audited over HTTP with ${counted(calls.length, "call")}. The audit published`,
    `${counted(published.length, "SNS digest")} and ${counted(events.length, "event")}. On a real organization it would exit with ${code}.`,
    ...(isOutcome(code) ? [`The HTML report is ${page}: open it in a browser.`] : []),
    "",
  ].join("\n");
}
