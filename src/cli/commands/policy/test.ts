import { Command } from "@commander-js/extra-typings";
import { systemClock } from "../../../local/clock.ts";
import { runCase } from "../../../policy-test/run.ts";
import { type ExitCode, exitCode } from "../../exit-code.ts";
import { openPolicyTests } from "../../policy-test-files.ts";
import { isMet, summaryOf, testedText } from "../../policy-test-text.ts";
import { type Terminal, widthOf } from "../../terminal.ts";

/** Defines `policy test`: judges the registries of test cases and compares with what they expect. */
export function policyTestCommand({ output, errors }: Terminal, finish: (code: ExitCode) => void) {
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
