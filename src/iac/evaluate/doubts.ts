import { isCreationUnclear } from "../../ecr/partition.ts";
import type { DeclaredRule } from "../declared-rule.ts";
import { creationCheck, rulesToARegistry } from "./creation-check.ts";
import type { Neighbours, RegistryCounts } from "./neighbours.ts";
import type { Answer } from "./report.ts";

/** Why it is not certain that AWS creates a rule although nothing is wrong with it; `null` if it is certain. */
export function doubtAbout(rule: DeclaredRule, neighbours: Neighbours): Answer | null {
  const { twin, uncertainTwin, leavingTwin, unknownPrefix, perhapsInSameRegistry, counts } = neighbours;
  if (uncertainTwin !== null || twin !== null) return undecidedTwin;
  if (leavingTwin !== null) return doubtful("order-unknown", orderUnknown(leavingTwin));
  if (perhapsInSameRegistry !== null) return doubtful("place-unknown", placeUnknown(perhapsInSameRegistry));
  if (unknownPrefix !== null) return doubtful("value-unknown", prefixUnknown(unknownPrefix));
  if (isUnverifiedRegion(rule)) return doubtful("region-unverified", regionUnverified(rule));
  const { there, created, uncertain } = counts;
  return there + created + uncertain > rulesToARegistry
    ? doubtful("quota-unknown", quotaUnknown(counts))
    : null;
}

function isUnverifiedRegion({ location: { region } }: DeclaredRule): boolean {
  return region !== null && isCreationUnclear(region);
}

type Doubt = { readonly message: string; readonly remediation: string };

function doubtful(kind: string, prose: Doubt): Answer {
  return {
    status: "UNKNOWN",
    kind,
    subject: kind,
    data: {},
    prose: () => ({ title: `Not known: ${creationCheck.title}`, ...prose }),
  };
}

function orderUnknown(address: string): Doubt {
  return {
    message: `${address} has the same prefix and is deleted, and nothing tells which of the two happens first. If the new rule is created first, AWS answers PullThroughCacheRuleAlreadyExistsException.`,
    remediation:
      "Tell Terraform that it is the same rule, by a moved block, or delete the old one in one apply and create the new one in the next.",
  };
}

function placeUnknown(address: string): Doubt {
  return {
    message: `${address} has the same prefix and may be in the same registry.`,
    remediation: "Name the registry: --account and --region, if the code does not.",
  };
}

function prefixUnknown(address: string): Doubt {
  return {
    message: `The prefix of ${address} is known only after deployment, and may be the same.`,
    remediation:
      "Nothing to do if the prefixes differ: the next audit evaluates them. Otherwise write the prefix into the file, or pass it with --parameter if it is a parameter.",
  };
}

function regionUnverified({ location: { region } }: DeclaredRule): Doubt {
  return {
    message: `The documents of AWS differ on whether pull through cache rules can be created in ${region}.`,
    remediation: "Try it with one rule. An audit reports the rules that exist.",
  };
}

function quotaUnknown({ there, created, uncertain }: RegistryCounts): Doubt {
  return {
    message: `The registry may hold more than ${rulesToARegistry} rules: ${there} that exist, ${created} new ones, and ${uncertain} of which it is not known whether they are there at the same time.`,
    remediation:
      "Delete rules that are no longer used before new ones are created. AWS does not raise this quota.",
  };
}

const undecidedTwin: Answer = {
  status: "UNKNOWN",
  kind: "condition-unknown",
  subject: "condition",
  data: {},
  prose: () => ({
    title: `Not known: ${creationCheck.title}`,
    message: "Another rule has the same prefix, and conditions decide which of the two is created.",
    remediation: "Nothing to do if the conditions exclude each other. Use --parameter to decide them.",
  }),
};
