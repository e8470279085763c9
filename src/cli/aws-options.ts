import process from "node:process";
import { type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { showCalls } from "../app/call-log.ts";
import { regionSchema } from "../ecr/target.ts";
import { neutralLines } from "../render/escape/inline.ts";
import { notEmpty, oneOf } from "./shared-options.ts";
import type { Terminal } from "./terminal.ts";

/** How a command reaches AWS, as its options say it. */
type AwsOptions = { readonly profile: string | null; readonly region: string | null };

/**
 * Adds `--profile`, `--region` and `--verbose` to a command that reaches AWS.
 *
 * @param more.hasOwnRegion whether `--region` is already an option of the command, with another meaning
 */
export function reachingAws<Called extends CommandUnknownOpts>(
  command: Called,
  { errors }: Terminal,
  { hasOwnRegion = false }: { readonly hasOwnRegion?: boolean } = {},
): Called {
  command.addOption(
    new Option("--profile <name>", "profile of the AWS CLI to use (default: AWS_PROFILE)").argParser(
      notEmpty,
    ),
  );
  if (!hasOwnRegion) {
    command.addOption(
      new Option("--region <name>", "region that AWS is called from (default: AWS_REGION)").argParser(
        oneOf(regionSchema),
      ),
    );
  }
  // On a terminal, a line about the progress may be there. It is drawn again.
  const clear = errors.isTTY === true ? "\r\u001b[K" : "";
  command.option("-v, --verbose", "show each call to AWS with its retries and its answer", false);
  return command.hook("preAction", () => {
    const { profile, region, verbose } = command.opts();
    enter({ profile: textIn(profile), region: hasOwnRegion ? null : textIn(region) });
    if (verbose === true) show((line) => errors.write(`${clear}${neutralLines(line)}\n`));
  });
}

function textIn(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/**
 * Sets the variables that the SDK reads, as the AWS CLI does for its own options. A profile that is asked for takes
 * precedence over keys in the environment.
 */
function enter({ profile, region }: AwsOptions): void {
  if (profile !== null) {
    for (const key of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]) {
      delete process.env[key];
    }
    process.env["AWS_PROFILE"] = profile;
  }
  if (region !== null) process.env["AWS_REGION"] = region;
}

let hide: (() => void) | null = null;

/** Shows calls on one terminal: that of the command that runs. */
function show(write: (line: string) => void): void {
  hide?.();
  hide = showCalls(write);
}
