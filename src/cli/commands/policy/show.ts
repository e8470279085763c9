import { Command } from "@commander-js/extra-typings";
import { accountIdSchema, regionSchema } from "../../../model/target.ts";
import { policyOfRegistry, type RegistryPolicy } from "../../../policy/of-registry.ts";
import { safeJson } from "../../../render/escape/json.ts";
import { readSettings } from "../../../settings.ts";
import { defaultPolicy, openPolicy } from "../../../wire/policy.ts";
import { type ExitCode, exitCode } from "../../exit-code.ts";
import { oneOf } from "../../list-options.ts";
import { settingsFrom } from "../../settings-from.ts";
import { organizationalUnitsOption, policyOption } from "../../shared-options.ts";
import type { Terminal } from "../../terminal.ts";

/** Defines `policy show`: the policy that holds for one registry, and which override gave it what. */
export function policyShowCommand(terminal: Terminal, finish: (code: ExitCode) => void) {
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
      const shown = policyOfRegistry(policy, target);
      terminal.errors.write(originLines(shown));
      terminal.output.write(`${safeJson(shown.policy, 2)}\n`);
      finish(exitCode.compliant);
    });
}

function originLines({ origins }: RegistryPolicy): string {
  if (origins.length === 0) return "No override changes anything for this registry.\n";
  const lines = origins.map(({ path, from }) => `  ${path}  from ${from}\n`);
  return ["Changed by overrides:\n", ...lines].join("");
}
