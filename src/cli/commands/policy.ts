import { Command } from "@commander-js/extra-typings";
import { defaultPolicy, openLintedPolicy, openPolicy } from "../../app/policy.ts";
import { readSettings } from "../../app/settings.ts";
import { accountIdSchema, regionSchema } from "../../ecr/target.ts";
import { systemClock } from "../../local/clock.ts";
import { type EffectivePolicy, effectivePolicyOf } from "../../policy/effective-policy-file.ts";
import { runCase } from "../../policy-test/run.ts";
import { inlineText, neutralLines } from "../../render/escape/inline.ts";
import { safeJson } from "../../render/escape/json.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { isMet, openPolicyTests, summaryOf, testedText } from "../policy-test-files.ts";
import { settingsFrom } from "../settings-from.ts";
import { oneOf, organizationalUnitsOption, policyOption } from "../shared-options.ts";
import { type Terminal, widthOf } from "../terminal.ts";

/** Defines `policy show`: the policy that holds for one registry, and which override gave it what. */
function policyShowCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  return new Command("show")
    .description("show the policy that holds for one registry, overrides applied")
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
}

function originLines({ origins }: EffectivePolicy): string {
  if (origins.length === 0) return "No override changes anything for this registry.\n";
  const lines = origins.map(({ path, from }) => `  ${path}  from ${from}\n`);
  return ["Changed by overrides:\n", ...lines].join("");
}

/** Defines `policy test`: judges the registries of test cases and compares with what they expect. */
function policyTestCommand({ output, errors }: Terminal, finish: (code: ExitCode) => void) {
  return new Command("test")
    .description("run policy test cases: offline, every difference at once")
    .argument("<files...>", "files of cases, such as my-policy.test.json")
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
}

/** Defines `policy` with `lint`, `test` and `show`. */
export function policyCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  const lint = new Command("lint")
    .description("check a policy file: every problem at once, each with its JSON path")
    .argument("<file>", "a path or s3://bucket/key")
    .action(async (file) => {
      const { policy, digest } = await openLintedPolicy(file);
      terminal.output.write(
        `${inlineText(file)}: no problem found (${inlineText(policy.name)}, ${digest})\n`,
      );
      finish(exitCode.compliant);
    });
  return new Command("policy")
    .description("work on policy files")
    .addCommand(lint)
    .addCommand(policyTestCommand(terminal, finish))
    .addCommand(policyShowCommand(terminal, finish));
}
