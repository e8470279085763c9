import { keepingOf, parseLifecyclePolicy } from "../../ecr/lifecycle-policy.ts";
import type { Target } from "../../ecr/target.ts";
import type { CreationTemplate } from "../../facts/creation-templates.ts";
import type { Policy } from "../../policy/schema.ts";
import type { Suspicion } from "../iam/let-in.ts";
import { grantsPull, judgeRepositoryPolicy } from "../iam/repository-policy.ts";
import type { Verdict } from "../verdict.ts";
import type { CreationTemplateKinds } from "./text.ts";

type Demands = NonNullable<Policy["creationTemplates"]>;
type Verdicts = Generator<Verdict<CreationTemplateKinds>>;

/** Evaluates a template's lifecycle policy by what it says. */
export function* evaluateLifecyclePolicy(
  { prefix: template, hasLifecyclePolicy, lifecyclePolicy: text }: CreationTemplate,
  demand: Demands["lifecyclePolicy"],
): Verdicts {
  if (demand === undefined || demand === false) return;
  const subject = `${template} lifecyclePolicy`;
  if (!hasLifecyclePolicy) {
    yield { status: "FAIL", kind: "no-lifecycle-policy", subject, data: { template } };
    return;
  }
  if (text === null) {
    yield notRecorded(template, "lifecycle");
    return;
  }
  const { rules, ...parsed } = parseLifecyclePolicy(text);
  if (rules === null) {
    const problem = "problem" in parsed ? parsed.problem : "";
    yield {
      status: "UNKNOWN",
      kind: "lifecycle-policy-not-understood",
      subject,
      data: { template, problem },
    };
    return;
  }
  const expireAfterDays = demand === true ? null : demand.expireAfterDays;
  const keeping = keepingOf(rules, expireAfterDays);
  if (keeping === null) return;
  const kept = { template, expireAfterDays, ...keeping };
  yield { status: "FAIL", kind: "lifecycle-policy-keeps-images", subject, data: kept };
}

/** Evaluates a template's repository policy by whom it lets in. With `true`, it must only not let everybody in. */
export function* evaluateRepositoryPolicy(
  { prefix: template, hasRepositoryPolicy, repositoryPolicy: text }: CreationTemplate,
  demand: Demands["repositoryPolicy"],
  target: Target,
): Verdicts {
  if (demand === undefined || demand === false) return;
  const subject = `${template} repositoryPolicy`;
  const data = { template };
  if (!hasRepositoryPolicy) {
    yield { status: "FAIL", kind: "no-repository-policy", subject, data };
    return;
  }
  if (text === null) {
    yield notRecorded(template, "repository");
    return;
  }
  const judgement = judgeRepositoryPolicy(text, demand, target);
  if (judgement.suspicions === null) {
    const { problem } = judgement;
    yield { status: "UNKNOWN", kind: "repository-policy-not-parsed", subject, data: { template, problem } };
    return;
  }
  for (const suspicion of judgement.suspicions) yield verdictOn(template, suspicion);
  if (judgement.suspicions.length === 0 && demand !== true && !grantsPull(text)) {
    yield { status: "FAIL", kind: "repository-policy-without-pull", subject, data };
  }
}

/** Snapshots of older versions say that a template has a policy, but not what it says. */
function notRecorded(template: string, policy: "lifecycle" | "repository"): Verdict<CreationTemplateKinds> {
  const subject = `${template} ${policy}Policy`;
  return { status: "UNKNOWN", kind: "policy-not-recorded", subject, data: { template, policy } };
}

function verdictOn(template: string, { answer, isAllBut, letIn }: Suspicion): Verdict<CreationTemplateKinds> {
  const subject = `${template} repositoryPolicy ${letIn.statement}`;
  const data = { template, isAllBut, ...letIn };
  switch (answer) {
    case "untrusted":
      return { status: "FAIL", kind: "repository-policy-lets-in", subject, data };
    case "organization-unknown":
      return { status: "UNKNOWN", kind: "repository-policy-organization-unknown", subject, data };
    case "not-understood":
      return { status: "UNKNOWN", kind: "repository-policy-not-understood", subject, data };
  }
}
