import { Command } from "@commander-js/extra-typings";
import { defaultPolicy, openPolicy } from "../../app/policy.ts";
import { readSettings } from "../../app/settings.ts";
import { accountIdSchema, regionSchema } from "../../ecr/target.ts";
import { systemClock } from "../../local/clock.ts";
import { type EffectivePolicy, effectivePolicyOf } from "../../policy/effective-policy-file.ts";
import { runCase } from "../../policy-test/run.ts";
import { neutralLines } from "../../render/escape/inline.ts";
import { safeJson } from "../../render/escape/json.ts";
import { reachingAws } from "../aws-options.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { awsVariables, helpNotes } from "../help-notes.ts";
import { policyInitCommand } from "../policy/init.ts";
import { policyLintCommand } from "../policy/lint.ts";
import { isMet, openPolicyTests, summaryOf, testedText } from "../policy-test-files.ts";
import { settingsFrom } from "../settings-from.ts";
import { oneOf, organizationalUnitsOption, policyOption } from "../shared-options.ts";
import { type Terminal, widthOf } from "../terminal.ts";

/** Defines `policy show`: shows the effective policy of one registry and which override set each value. */
function policyShowCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  const command = new Command("show")
    .description("show the effective policy of one registry, with overrides applied")
    .requiredOption("--account <id>", "the registry's account", oneOf(accountIdSchema))
    .requiredOption("--region <name>", "the registry's region", oneOf(regionSchema))
    .addOption(organizationalUnitsOption())
    .addOption(policyOption())
    .action(async ({ account, region, organizationalUnits, ...options }) => {
      const location = readSettings(settingsFrom(options, terminal)).policy ?? defaultPolicy;
      const { policy } = await openPolicy(location);
      const target = { account, accountName: null, organizationId: null, organizationalUnits, region };
      const shown = effectivePolicyOf(policy, target);
      terminal.errors.write(neutralLines(originLines(shown)));
      terminal.output.write(`${safeJson(shown.policy, 2)}\n`);
      finish(exitCode.compliant);
    });
  return reachingAws(command, terminal, { hasOwnRegion: true }).addHelpText(
    "after",
    helpNotes(
      ["policy show -p my-policy.json --account 111122223333 --region eu-west-1"],
      ["AUDIT_POLICY", ...awsVariables],
    ),
  );
}

function originLines({ origins }: EffectivePolicy): string {
  if (origins.length === 0) return "No override changes anything for this registry.\n";
  const lines = origins.map(({ path, from }) => `  ${path}  from ${from}\n`);
  return ["Changed by overrides:\n", ...lines].join("");
}

/** Defines `policy test`: evaluates the registries of test cases and compares the results with what they expect. */
function policyTestCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  const { output, errors } = terminal;
  const command = new Command("test")
    .description("run policy test cases offline and list every difference")
    .argument("<files...>", "files with test cases, such as my-policy.test.json")
    .action(async (files) => {
      const now = systemClock.now();
      const tested = (await openPolicyTests(files, errors)).map(({ file, test, policy }) => ({
        file,
        policy: policy.name,
        results: test.cases.map((testCase) => runCase(testCase, policy, now)),
      }));
      for (const one of tested) output.write(testedText(one, widthOf(output)));
      output.write(summaryOf(tested));
      finish(tested.every(isMet) ? exitCode.compliant : exitCode.failing);
    });
  return reachingAws(command, terminal).addHelpText(
    "after",
    helpNotes(["policy test my-policy.test.json"], awsVariables),
  );
}

/** Defines `policy` with `lint`, `test` and `show`. */
export function policyCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  return new Command("policy")
    .description("write, validate, test and show policies")
    .addHelpText("after", helpNotes(["policy lint my-policy.json", "help policy lint"], awsVariables))
    .addCommand(policyLintCommand(terminal, finish))
    .addCommand(policyInitCommand(terminal, finish))
    .addCommand(policyTestCommand(terminal, finish))
    .addCommand(policyShowCommand(terminal, finish));
}
