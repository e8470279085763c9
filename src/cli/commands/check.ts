import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { defaultPolicy, openPolicy } from "../../app/policy.ts";
import { readSettings } from "../../app/settings.ts";
import { accountIdSchema, regionSchema } from "../../ecr/target.ts";
import { evaluateFiles } from "../../iac/evaluate/evaluate-files.ts";
import { systemClock } from "../../local/clock.ts";
import { checkFormatNames, checkRenderers, exitCodeOfCheck } from "../check/formats.ts";
import { findInSources, readCode } from "../check/read-code.ts";
import type { ExitCode } from "../exit-code.ts";
import { parseChoices, tryChoices, writeChoices } from "../format-choices.ts";
import { settingsFrom } from "../settings-from.ts";
import {
  failOnOption,
  oneOf,
  organizationalUnitsOption,
  policyOption,
  repeatable,
} from "../shared-options.ts";
import type { Terminal } from "../terminal.ts";

/** Defines `check PATH…`: evaluates rules in code before they are deployed. */
export function checkCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  return new Command("check")
    .description("evaluate rules in Terraform plans, CloudFormation templates and serverless.yml files")
    .argument(
      "<paths...>",
      "output of terraform show -json PLANFILE, templates in JSON or YAML, serverless.yml; folders of them; - for standard input",
    )
    .addOption(policyOption())
    .option("--account <id>", "the account that the code is deployed to", oneOf(accountIdSchema))
    .option("--region <name>", "the region that the code is deployed to", oneOf(regionSchema))
    .addOption(organizationalUnitsOption())
    .option(
      "--parameter <name=value>",
      "a parameter of a template, AWS::StackName, or a param: variable of a serverless.yml; repeatable",
      parameter,
      new Map<string, string>(),
    )
    .option(
      "--source <dir>",
      "the folder of the Terraform code of the plans: for lines and waivers in comments",
    )
    .option("--format <name[=file]>", `${checkFormatNames.join(" or ")}; repeatable`, repeatable, [])
    .addOption(failOnOption())
    .option("--strict", "exit with 2 if something is unknown before deployment", false)
    .option("--include-passing", "also report what passes", false)
    .option("--quiet", "write only errors to standard error", false)
    .option("--no-color", "no colours")
    .action(async (paths, options) => {
      const { account = null, region = null, organizationalUnits, includePassing } = options;
      const formats = parseChoices(options.format, checkFormatNames, "text");
      await tryChoices(formats);
      const location =
        readSettings(settingsFrom({ policy: options.policy }, terminal)).policy ?? defaultPolicy;
      const policy = await openPolicy(location);
      const sourceLocation = { account, region };
      const all = await readCode(paths, { location: sourceLocation, given: options.parameter });
      const read = options.source === undefined ? all : await findInSources(all, options.source);
      if (!options.quiet) terminal.errors.write(deploymentText(sourceLocation));
      const now = systemClock.now();
      const report = evaluateFiles(read, policy, { now, includePassing, organizationalUnits });
      await writeChoices(formats, options.color, terminal, (name, look) =>
        checkRenderers[name](report, look),
      );
      finish(exitCodeOfCheck(report, options));
    });
}

function parameter(text: string, previous: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [, name, value] = /^([A-Za-z0-9_.:-]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError(`"${text}" must be NAME=VALUE.`);
  }
  return new Map([...previous, [name, value]]);
}

function deploymentText({
  account,
  region,
}: {
  readonly account: string | null;
  readonly region: string | null;
}) {
  if (account !== null && region !== null) return `Evaluating for account ${account} in ${region}\n`;
  const missing = [...(account === null ? ["--account"] : []), ...(region === null ? ["--region"] : [])];
  return `Without ${missing.join(" and ")}, overrides and waivers for specific accounts or regions apply only if the code names its own\n`;
}
