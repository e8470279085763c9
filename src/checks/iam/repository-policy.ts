import type { Target } from "../../ecr/target.ts";
import type { Policy } from "../../policy/schema.ts";
import { allowancesIn } from "./allowances.ts";
import { parseDocument } from "./document.ts";
import { type Judgement, judgePolicy, trustOf } from "./let-in.ts";

/** The actions on a repository that change its images, or what becomes of them. */
export const changingActions = [
  // Images.
  "ecr:PutImage",
  "ecr:InitiateLayerUpload",
  "ecr:UploadLayerPart",
  "ecr:CompleteLayerUpload",
  "ecr:ReplicateImage",
  "ecr:BatchDeleteImage",
  "ecr:UpdateImageStorageClass",
  // What becomes of them.
  "ecr:DeleteRepository",
  "ecr:SetRepositoryPolicy",
  "ecr:DeleteRepositoryPolicy",
  "ecr:PutImageTagMutability",
  "ecr:PutImageScanningConfiguration",
  "ecr:PutLifecyclePolicy",
  "ecr:DeleteLifecyclePolicy",
] as const;

/**
 * The actions on a repository that matter when a policy lets somebody in: those that read images, and those that change
 * them or the repository (Service authorization reference, "Actions defined by Amazon ECR", November 2026).
 */
const watched = [
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
  "ecr:BatchCheckLayerAvailability",
  "ecr:DescribeImages",
  "ecr:ListImages",
  "ecr:BatchImportUpstreamImage",
  ...changingActions,
].map((action) => ({ action, on: null }));

type Demand = Exclude<NonNullable<NonNullable<Policy["creationTemplates"]>["repositoryPolicy"]>, false>;

/** Judges the text of a repository policy. With `true`, everyone whom it names is trusted, but not everybody. */
export function judgeRepositoryPolicy(text: string, demand: Demand, target: Target): Judgement {
  return judgePolicy(text, watched, demand === true ? "whoever-is-named" : trustOf(target, demand));
}

/** Whether a repository policy allows anybody to pull. */
export function grantsPull(text: string): boolean {
  const { statements } = parseDocument(text);
  const nobody = { accounts: new Set<string>(), organization: { isTrusted: false, id: null } };
  const pull = [{ action: "ecr:BatchGetImage", on: null }];
  return statements !== null && allowancesIn(statements, pull, nobody).length > 0;
}
