import { Command, Option } from "@commander-js/extra-typings";
import * as z from "zod";
import type { Narrowing } from "../audit/request.ts";
import { severities } from "../model/finding.ts";
import { accountIdSchema, regionSchema } from "../model/target.ts";
import { formatNames } from "./formats.ts";
import { listOf, notEmpty, repeatable } from "./list-options.ts";

/** A command that judges registries, with the options that all such commands share. */
export function judgingCommand(name: string) {
  return new Command(name)
    .option(
      "--policy <file>",
      "the policy: a path or s3://bucket/key (default: the one that comes along)",
      notEmpty,
    )
    .option("--accounts <ids>", "only these accounts, separated by commas", listOf(accountIdSchema))
    .option("--regions <names>", "only these regions", listOf(regionSchema))
    .option("--prefixes <names>", "only the rules with these prefixes", listOf(z.string().min(2).max(31)))
    .option(
      "--format <name[=file]>",
      `${formatNames.join(", ")}; repeatable, all but one with a file (default: text)`,
      repeatable,
      [],
    )
    .addOption(
      new Option("--fail-on <severity>", "exit with 1 from this severity on")
        .choices([...severities, "never"] as const)
        .default("low" as const),
    )
    .option("--include-passing", "report what passes too", false)
    .option("--quiet", "show no progress", false)
    .option("--no-color", "no colours");
}

type JudgingOptions = ReturnType<ReturnType<typeof judgingCommand>["opts"]>;

/** What the options narrow a judgement to. */
export function narrowingOf({ accounts, regions, prefixes }: JudgingOptions): Narrowing {
  return { accounts: accounts ?? null, regions: regions ?? null, prefixes: prefixes ?? null };
}
