import { Argument, Command } from "@commander-js/extra-typings";
import { bashCompletion, fishCompletion, zshCompletion } from "../completion/shells.ts";
import { completedCommand } from "../completion/tree.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { helpNotes } from "../help-notes.ts";
import type { Terminal } from "../terminal.ts";

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** Defines `completion SHELL`: writes the script that has a shell complete commands, options and their values. */
export function completionCommand({ output }: Terminal, finish: (code: ExitCode) => void) {
  const command = new Command("completion")
    .description("write the script that has a shell complete commands and options")
    .addArgument(new Argument("<shell>", "the shell").choices(["bash", "zsh", "fish"] as const))
    .addHelpText("after", helpNotes(["completion bash >> ~/.bashrc", "completion fish | source"], []));
  return command.action((shell) => {
    output.write(shells[shell](completedCommand(command.parent ?? command)));
    finish(exitCode.compliant);
  });
}
