import { Command } from "@commander-js/extra-typings";
import type { Narrowing } from "../audit/plan/request.ts";
import { checkOption, skipCheckOption } from "./chosen-checks.ts";
import { formatOption, outputOption } from "./format-choices.ts";
import { formatNames } from "./formats.ts";
import {
  accountsOption,
  failOnOption,
  policyOption,
  prefixesOption,
  regionsOption,
} from "./shared-options.ts";

/** Creates a command that evaluates registries, with the options that all such commands share. */
export function evaluationCommand(name: string) {
  return new Command(name)
    .addOption(policyOption())
    .addOption(accountsOption())
    .addOption(regionsOption())
    .addOption(prefixesOption())
    .addOption(formatOption(formatNames, "repeatable, at most one without a file (default: text)"))
    .addOption(outputOption())
    .addOption(checkOption())
    .addOption(skipCheckOption())
    .addOption(failOnOption())
    .option("--include-passing", "also report what passes", false)
    .option("-q, --quiet", "show no progress", false)
    .option("--no-color", "no colours");
}

type NarrowingOptions = Pick<
  ReturnType<ReturnType<typeof evaluationCommand>["opts"]>,
  "accounts" | "regions" | "prefixes"
>;

/** The accounts, regions and prefixes that the options narrow an evaluation to. */
export function narrowingOf({ accounts, regions, prefixes }: NarrowingOptions): Narrowing {
  return { accounts: accounts ?? null, regions: regions ?? null, prefixes: prefixes ?? null };
}
