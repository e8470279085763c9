import { Command } from "@commander-js/extra-typings";
import { inlineText } from "../../render/escape/inline.ts";
import { openFlawlessPolicy } from "../../wire/flawless-policy.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";
import { policyShowCommand } from "./policy/show.ts";
import { policyTestCommand } from "./policy/test.ts";

/** Defines `policy` with `lint`, `test` and `show`. */
export function policyCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
  const lint = new Command("lint")
    .description("check a policy file: every problem at once, each with its JSON path")
    .argument("<file>", "a path or s3://bucket/key")
    .action(async (file) => {
      const { policy, digest } = await openFlawlessPolicy(file);
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
