import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { judgeFiles } from "../../iac/judging/judge-files.ts";
import { systemClock } from "../../local/clock.ts";
import { accountIdSchema, regionSchema } from "../../model/target.ts";
import { readSettings } from "../../settings.ts";
import { defaultPolicy, openPolicy } from "../../wire/policy.ts";
import { exitCodeOfCheck } from "../check/exit-code.ts";
import { checkFormatNames, checkRenderers } from "../check/formats.ts";
import { readFilesOfRules } from "../check/read-files.ts";
import type { ExitCode } from "../exit-code.ts";
import { parseChoices, tryChoices, writeChoices } from "../format-choices.ts";
import { oneOf, repeatable } from "../list-options.ts";
import { settingsFrom } from "../settings-from.ts";
import { failOnOption, organizationalUnitsOption, policyOption } from "../shared-options.ts";
import type { Terminal } from "../terminal.ts";

/** Defines `check FILE…`: judges rules in code before they exist. */
export function checkCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  return new Command("check")
    .description("judge rules in Terraform plans, CloudFormation templates and serverless.yml files")
    .argument(
      "<files...>",
      "what terraform show -json PLANFILE writes, templates in JSON or YAML, serverless.yml",
    )
    .addOption(policyOption())
    .option("--account <id>", "the account that the code is deployed to", oneOf(accountIdSchema))
    .option("--region <name>", "the region that the code is deployed to", oneOf(regionSchema))
    .addOption(organizationalUnitsOption())
    .option(
      "--parameter <name=value>",
      "a parameter of a template, or a param: variable of a serverless.yml; repeatable",
      parameter,
      new Map<string, string>(),
    )
    .option("--format <name[=file]>", `${checkFormatNames.join(" or ")}; repeatable`, repeatable, [])
    .addOption(failOnOption())
    .option("--strict", "exit with 2 when something is not known before deployment", false)
    .option("--include-passing", "report what passes too", false)
    .option("--quiet", "say nothing on standard error but errors", false)
    .option("--no-color", "no colours")
    .action(async (files, options) => {
      const { account = null, region = null, organizationalUnits, includePassing } = options;
      const formats = parseChoices(options.format, checkFormatNames, "text");
      await tryChoices(formats);
      const location =
        readSettings(settingsFrom({ policy: options.policy }, terminal)).policy ?? defaultPolicy;
      const policy = await openPolicy(location);
      const place = { account, region };
      const read = await readFilesOfRules(files, { place, given: options.parameter });
      if (!options.quiet) terminal.errors.write(placeWords(place));
      const now = systemClock.now();
      const report = judgeFiles(read, policy, { now, includePassing, organizationalUnits });
      await writeChoices(formats, options.color, terminal, (name, look) =>
        checkRenderers[name](report, look),
      );
      finish(exitCodeOfCheck(report, options));
    });
}

function parameter(text: string, previous: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [, name, value] = /^([A-Za-z0-9_.-]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError(`"${text}" must be NAME=VALUE.`);
  }
  return new Map([...previous, [name, value]]);
}

function placeWords({
  account,
  region,
}: {
  readonly account: string | null;
  readonly region: string | null;
}) {
  if (account !== null && region !== null) return `Judging as for account ${account} in ${region}\n`;
  const missing = [...(account === null ? ["--account"] : []), ...(region === null ? ["--region"] : [])];
  return `Without ${missing.join(" and ")}, overrides and waivers that name such places count only where the code names its own\n`;
}
