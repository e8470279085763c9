import { checkIds } from "../../src/checks/index.ts";
import { evaluateFiles } from "../../src/iac/evaluate/evaluate-files.ts";
import { type Deployment, type FileOfRules, rulesInFile } from "../../src/iac/rules-in-file.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import type { CodeFinding } from "../../src/schemas/check-report.ts";
import { aPolicyFile, NOW, type PolicyFile } from "../support/builders.ts";

/** The account and the region that tests deploy to. */
export const HERE = { account: "111122223333", region: "eu-west-1" } as const;

/** A secret of the registry's own account and region. */
export const SECRET =
  "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/docker-hub-AbCdEf";

/** A deployment to {@link HERE}, and what is not as usual about it. */
export function deployment(
  location: Partial<Deployment["location"]> = {},
  given: Readonly<Record<string, string>> = {},
): Deployment {
  return { location: { ...HERE, ...location }, given: new Map(Object.entries(given)) };
}

/** A deployment of which nothing is known. */
export const anywhere = deployment({ account: null, region: null });

/** The properties of a rule for Docker Hub in a template that nothing is wrong with. */
export const goodProperties = {
  EcrRepositoryPrefix: "docker-hub",
  UpstreamRegistryUrl: "registry-1.docker.io",
  CredentialArn: SECRET,
};

/** A template of rules by logical id, and what else is in it. */
export function templateOf(rules: Readonly<Record<string, object>>, more: object = {}): string {
  const resources = Object.entries(rules).map(([id, Properties]) => [
    id,
    { Type: "AWS::ECR::PullThroughCacheRule", Properties },
  ]);
  return JSON.stringify({ ...more, Resources: Object.fromEntries(resources) });
}

/** Evaluates a text of code. */
export type EvaluationParts = {
  readonly policy?: Partial<PolicyFile>;
  readonly deployment?: Deployment;
  readonly organizationalUnits?: readonly string[];
};

/** Judges texts of code, and answers all that was said, what passes too. */
export function evaluate(
  texts: readonly string[],
  { policy = {}, deployment: at = deployment(), organizationalUnits = [] }: EvaluationParts = {},
) {
  const files = texts.map((text, index) => rulesInFile(text, `code-${index}`, at));
  return evaluateRead(files, { policy, organizationalUnits });
}

/** Judges files that have been read, and answers all that was said, what passes too. */
export function evaluateRead(
  files: readonly FileOfRules[],
  { policy = {}, organizationalUnits = [] }: EvaluationParts = {},
) {
  const loaded = { policy: parsePolicy(aPolicyFile(policy), "test", checkIds), digest: "sha256:0" };
  return evaluateFiles(files, loaded, { now: NOW, includePassing: true, organizationalUnits });
}

/** The findings of one status, as `address check kind`. */
export function delivered(
  findings: readonly CodeFinding[],
  status: CodeFinding["status"],
): readonly string[] {
  return findings
    .filter((finding) => finding.status === status)
    .map(({ address, check, kind }) => `${address} ${check} ${kind}`)
    .toSorted();
}
