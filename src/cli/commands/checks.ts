import { readFile } from "node:fs/promises";
import { Command } from "@commander-js/extra-typings";
import { checks } from "../../checks/index.ts";
import { packageFile } from "../../package-file.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

/** Defines `checks [ID]`: lists the checks, or explains one by its document. */
export function checksCommand({ output }: Terminal, finish: (code: ExitCode) => void) {
  return new Command("checks")
    .description("list the checks, or explain one")
    .argument("[id]", "the id of a check")
    .action(async (id) => {
      output.write(id === undefined ? list() : await explain(id));
      finish(exitCode.compliant);
    });
}

function list(): string {
  const idWidth = Math.max(...checks.map(({ id }) => id.length));
  const severityWidth = Math.max(...checks.map(({ severity }) => severity.length));
  const lines = checks.map(
    ({ id, severity, failsWhen }) =>
      `${id.padEnd(idWidth)}  ${severity.padEnd(severityWidth)}  fails when ${failsWhen.replaceAll("`", "")}\n`,
  );
  return lines.join("");
}

async function explain(id: string): Promise<string> {
  const check = checks.find((known) => known.id === id);
  if (check === undefined) {
    throw new UsageError(`There is no check ${id}; there are ${checks.map((known) => known.id).join(", ")}.`);
  }
  return readFile(packageFile(check.docs), "utf8");
}
