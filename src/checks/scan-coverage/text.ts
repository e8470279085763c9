import { type Advice, advice } from "../../core/advice.ts";
import { aws } from "../../ecr/commands.ts";
import { withoutSlash } from "../../ecr/prefix.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import { ROOT_PREFIX } from "../../ecr/rule.ts";
import type { Scanning } from "../../facts/scanning.ts";
import type { CheckText } from "../verdict.ts";
import { extendedScanning } from "./scanning.ts";

type Unscanned = Scanning & { readonly frequencies: readonly string[] };

export type ScanCoverageKinds = {
  "not-scanned": Unscanned;
  "partly-scanned": Unscanned & { readonly filters: readonly string[] };
};

const theConfiguration = [{ kind: "scanning-configuration", by: null, within: "registry" }] as const;

export const scanCoverageText: CheckText<ScanCoverageKinds> = {
  title: "Scan coverage",
  failsWhen: "registry scanning does not cover the prefix",
  kinds: {
    "not-scanned": {
      causes: theConfiguration,
      title: "Cached images are not scanned",
      message: ({ scanType, frequencies }, { prefix }) =>
        `No filter of the registry's ${scanType} scanning with ${frequencies.join(" or ")} matches the repositories cached under ${prefix}.`,
      remediation: configure,
    },
    "partly-scanned": {
      causes: theConfiguration,
      title: "Cached images are only partly scanned",
      message: ({ scanType, frequencies, filters }, { prefix }) =>
        `The registry's ${scanType} scanning with ${frequencies.join(" or ")} matches only some of the repositories under ${prefix} (filters: ${filters.join(", ")}).`,
      remediation: configure,
    },
  },
};

function configure({ frequencies, ...scanning }: Unscanned, ref: RuleRef): Advice {
  const { prefix } = ref;
  const filter = prefix === null || prefix === ROOT_PREFIX ? "*" : `${withoutSlash(prefix)}/*`;
  const { scanType, rules } = extendedScanning(scanning, frequencies, filter);
  const command = aws("ecr put-registry-scanning-configuration", ref, {
    "scan-type": scanType,
    rules: JSON.stringify(rules.map(asEcrNamesIt)),
  });
  return advice`In account ${ref.account}, add a scanning filter for ${filter}. The command replaces the whole scanning configuration: if other prefixes are not scanned either, add their filters to it first: ${command}`;
}

function asEcrNamesIt({ scanFrequency, filters }: Scanning["rules"][number]) {
  return {
    scanFrequency,
    repositoryFilters: filters.map((filter) => ({ filter, filterType: "WILDCARD" })),
  };
}
