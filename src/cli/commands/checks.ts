import { readFile } from "node:fs/promises";
import { Command } from "@commander-js/extra-typings";
import { checks } from "../../checks/index.ts";
import { renderDocument } from "../../formats/document.ts";
import { packageFile } from "../../package-file.ts";
import { labelled, type Page, pageOf } from "../../render/page.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { isColored, type Terminal, UsageError, widthOf } from "../terminal.ts";

/** Defines `checks [ID]`: lists the checks, or shows the document of one. */
export function checksCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  const { output } = terminal;
  return new Command("checks")
    .description("list the checks, or explain one")
    .argument("[id]", "the id of a check")
    .option("--no-color", "no colours")
    .action(async (id, { color }) => {
      const page = pageOf(widthOf(output), isColored(output, terminal, color));
      output.write(id === undefined ? list(page) : await explain(id, page));
      finish(exitCode.compliant);
    });
}

function list(page: Page): string {
  const idWidth = Math.max(...checks.map(({ id }) => id.length));
  const severityWidth = Math.max(...checks.map(({ severity }) => severity.length));
  const lines = checks.flatMap(({ id, severity, failsWhen }) => {
    const head = `${id.padEnd(idWidth)}  ${severity.padEnd(severityWidth)}  `;
    return labelled(head, `fails when ${failsWhen.replaceAll("`", "")}`, head.length, page);
  });
  return `${lines.join("\n")}\n`;
}

async function explain(id: string, page: Page): Promise<string> {
  const check = checks.find((known) => known.id === id);
  if (check === undefined) {
    throw new UsageError(`Unknown check ${id}. Known checks: ${checks.map((known) => known.id).join(", ")}.`);
  }
  return renderDocument(await readFile(packageFile(check.docs), "utf8"), page);
}
