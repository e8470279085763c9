import { readFile } from "node:fs/promises";
import { Command, Option } from "@commander-js/extra-typings";
import { checkIds, checks } from "../../checks/index.ts";
import { didYouMean } from "../../core/closest.ts";
import { renderDocument } from "../../formats/document.ts";
import { packageFile } from "../../package-file.ts";
import { labelled, type Page, pageOf } from "../../render/page.ts";
import type { CheckCatalogue } from "../../schemas/check-catalogue.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { colorVariables, helpNotes } from "../help-notes.ts";
import { isColored, type Terminal, UsageError, widthOf } from "../terminal.ts";

/** Defines `checks [ID]`: lists the checks, or shows the document of one. */
export function checksCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  const { output } = terminal;
  return new Command("checks")
    .description("list the checks, or explain one")
    .argument("[id]", "the id of a check")
    .addOption(
      new Option("-f, --format <name>", "output format")
        .choices(["text", "json"] as const)
        .default("text" as const),
    )
    .option("--no-color", "no colours")
    .addHelpText(
      "after",
      helpNotes(["checks", "checks rule-validation", "checks --format json"], colorVariables),
    )
    .action(async (id, { color, format }) => {
      const page = pageOf(widthOf(output), isColored(output, terminal, color));
      const chosen = id === undefined ? checks : [checkNamed(id)];
      if (format === "json") output.write(catalogueJson(chosen));
      else output.write(id === undefined ? list(page) : await explain(id, page));
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
  const { docs, requirements } = checkNamed(id);
  const document = renderDocument(await readFile(packageFile(docs), "utf8"), page);
  if (requirements.length === 0) return document;
  return `${document}\n${labelled("Requirements  ", requirements.join(", "), 2, page).join("\n")}\n`;
}

/** @throws UsageError if the catalogue has no such check */
function checkNamed(id: string): (typeof checks)[number] {
  const check = checks.find((known) => known.id === id);
  if (check !== undefined) return check;
  const meant = didYouMean(id, checkIds);
  throw new UsageError(
    `Unknown check ${id}${meant === "" ? "." : meant} Known checks: ${checkIds.join(", ")}.`,
  );
}

/** The catalogue for programs. Texts are in Markdown. */
function catalogueJson(chosen: readonly (typeof checks)[number][]): string {
  const catalogue: CheckCatalogue = {
    schemaVersion: 1,
    checks: chosen.map(({ id, severity, title, failsWhen, docs, requirements, predictable }) => ({
      id,
      severity,
      title,
      failsWhen,
      docs,
      requirements,
      predictable,
    })),
  };
  return `${JSON.stringify(catalogue, null, 2)}\n`;
}
