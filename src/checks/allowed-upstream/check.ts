import { partitionOf } from "../../ecr/partition.ts";
import { partsOf } from "../../ecr/rule.ts";
import { parseEcrUrl } from "../../ecr/upstream.ts";
import { entriesNaming, fewestOf, originMisfits } from "../../policy/matching/allowed.ts";
import { defineRuleCheck } from "../define-check.ts";
import { publishedRequirements } from "../published-requirements.ts";
import { pass } from "../verdict.ts";
import { allowedUpstreamRemediation } from "./remediation.ts";
import { allowedUpstreamText } from "./text.ts";

/** Fails if the policy does not allow the upstream of a rule, or the account or region of an ECR upstream. */
export const allowedUpstream = defineRuleCheck({
  id: "allowed-upstream",
  severity: "high",
  requirements: publishedRequirements.approvedRegistries,
  text: allowedUpstreamText,
  remediation: allowedUpstreamRemediation,
  predictable: true,
  evaluate: ({ rule, registry: { target }, policy }) => {
    const { upstreamRegistry, upstreamRegistryUrl } = rule;
    const entries = entriesNaming(policy, rule);
    if (upstreamRegistry === null) {
      return { status: "FAIL", kind: "upstream-not-recognized", data: { upstreamRegistryUrl } };
    }
    if (entries.length === 0) {
      return {
        status: "FAIL",
        kind: "upstream-not-allowed",
        data: { upstreamRegistry, upstreamRegistryUrl },
      };
    }
    const upstream = parseEcrUrl(upstreamRegistryUrl);
    if (upstream !== null) {
      const ownPartition = partitionOf(target.region).id;
      const partition = partitionOf(upstream.region).id;
      const data = { upstreamRegistryUrl, partition, ownPartition };
      if (partition !== ownPartition) return { status: "FAIL", kind: "upstream-in-another-partition", data };
    }
    const [misfit] = fewestOf(entries.map((entry) => originMisfits(entry, rule)));
    if (misfit === undefined) return pass;
    const data = { ...partsOf(rule), given: misfit.given, allowed: misfit.allowed };
    return misfit.aspect === "account"
      ? { status: "FAIL", kind: "account-not-allowed", data }
      : { status: "FAIL", kind: "region-not-allowed", data };
  },
});
