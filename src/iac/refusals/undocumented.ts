import { isKnownUpstream, parseEcrUrl, recognizeUpstream } from "../../model/upstream.ts";
import type { RuleParameter } from "../declared-rule.ts";
import type { Creation } from "./refusal.ts";

/** What the documents leave open can be neither promised nor refused. */
export function undocumentedIn({
  upstreamRegistryUrl: url,
  upstreamRegistry: name,
}: Creation["parameters"]): readonly RuleParameter[] {
  const isNewName = name.state === "set" && !isKnownUpstream(name.value);
  return [
    ...(isNewName ? (["upstreamRegistry"] as const) : []),
    ...(url.state === "set" && isUndocumented(url.value) ? (["upstreamRegistryUrl"] as const) : []),
  ];
}

const documentedAzure = /^[a-z0-9]{5,50}\.azurecr\.io$/;
const documentedEcr = /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\./;

/** FIPS and dual-stack hosts of ECR, and Azure's newer names with a hyphen, are documented for pulls only. */
function isUndocumented(url: string): boolean {
  switch (recognizeUpstream(url)) {
    case "ecr":
      return !documentedEcr.test(url) || parseEcrUrl(url) === null;
    case "azure-container-registry":
      return !documentedAzure.test(url);
    default:
      return false;
  }
}
