import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { defaultPolicy, openPolicy } from "../../app/policy.ts";
import { readSettings } from "../../app/settings.ts";
import { accountIdSchema, regionSchema } from "../../ecr/target.ts";
import { evaluateFiles } from "../../iac/evaluate/evaluate-files.ts";
import { systemClock } from "../../local/clock.ts";
import { reachingAws } from "../aws-options.ts";
import { checkFormatNames, checkRenderers, checkSuffixesOf, exitCodeOfCheck } from "../check/formats.ts";
import { findInSources, readCode } from "../check/read-code.ts";
import { checkOption, skipCheckOption, withChosenChecks } from "../chosen-checks.ts";
import type { ExitCode } from "../exit-code.ts";
import { formatOption, outputOption, parseChoices, tryChoices, writeChoices } from "../format-choices.ts";
import { awsVariables, colorVariables, helpNotes } from "../help-notes.ts";
import { settingsFrom } from "../settings-from.ts";
import { failOnOption, oneOf, organizationalUnitsOption, policyOption } from "../shared-options.ts";
import type { Terminal } from "../terminal.ts";

/** Defines `check PATH…`: evaluates rules in code before they are deployed. */
export function checkCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  const command = new Command("check")
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
    .addOption(formatOption(checkFormatNames, "repeatable"))
    .addOption(outputOption())
    .addOption(checkOption())
    .addOption(skipCheckOption())
    .addOption(failOnOption())
    .option("--strict", "exit with 2 if something is unknown before deployment", false)
    .option("--include-passing", "also report what passes", false)
    .option("-q, --quiet", "write only errors to standard error", false)
    .option("--no-color", "no colours")
    .action(async (paths, options) => {
      const { account = null, region = null, organizationalUnits, includePassing } = options;
      const formats = parseChoices(options, checkFormatNames, "text", checkSuffixesOf);
      await tryChoices(formats);
      const location =
        readSettings(settingsFrom({ policy: options.policy }, terminal)).policy ?? defaultPolicy;
      const policy = withChosenChecks(await openPolicy(location), options);
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
  return reachingAws(command, terminal, { hasOwnRegion: true }).addHelpText(
    "after",
    helpNotes(
      [
        "check template.yml --account 111122223333 --region eu-west-1",
        "check infrastructure -p my-policy.json -o check.sarif",
        "check plan.json --check allowed-upstream,prefix-convention --strict",
        "check - --format json",
      ],
      ["AUDIT_POLICY", ...awsVariables, ...colorVariables],
    ),
  );
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
