import type { RemediationAction } from "../../checks/remediation.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import { authenticationOf } from "../../ecr/upstream.ts";
import type { Finding } from "../../schemas/finding.ts";
import { type Decision, decideCredential, decided, decideRole, mapped, type Scene } from "./decide-access.ts";
import { decidePrefix, decideRequired, decideScope } from "./decide-upstream.ts";

/** Gives a rule with a new upstream the credential or role that this upstream requires. */
function withFittingAccess(
  before: PullThroughCacheRule | null,
  rule: PullThroughCacheRule,
  scene: Scene,
): Decision<PullThroughCacheRule> {
  if (
    before?.upstreamRegistry === rule.upstreamRegistry &&
    before.upstreamRegistryUrl === rule.upstreamRegistryUrl
  ) {
    return decided(rule);
  }
  const keepsRegistry = before?.upstreamRegistry === rule.upstreamRegistry;
  const bare = keepsRegistry ? rule : { ...rule, credentialArn: null, customRoleArn: null };
  switch (authenticationOf(rule.upstreamRegistry)) {
    case "secret":
      if (bare.credentialArn !== null && keepsRegistry) return decided(bare);
      return mapped(decideCredential(bare, scene), (credentialArn) => ({ ...bare, credentialArn }));
    case "role": {
      if (bare.customRoleArn !== null) return decided(bare);
      const isOwn = bare.upstreamRegistryUrl.startsWith(`${scene.target.account}.`);
      if (isOwn) return decided(bare);
      return mapped(decideRole(bare, scene), (customRoleArn) => ({ ...bare, customRoleArn }));
    }
    case "none":
    case null:
      return decided(bare);
  }
}

/** The planned change of one rule. */
export type Draft = {
  readonly before: PullThroughCacheRule | null;
  readonly after: PullThroughCacheRule | null;
  /** The findings that the change should fix. */
  readonly findings: readonly Finding[];
};

/** A finding that API calls can remediate, with the action. */
export type Remediable = { readonly finding: Finding; readonly action: RemediationAction };

/** A finding that needs a decision of the operator. */
export type Undecided = { readonly finding: Finding; readonly question: string };

/** A draft, with the findings that need a decision. */
export type Drafted = { readonly draft: Draft | null; readonly undecided: readonly Undecided[] };

/** The order in which actions change a rule: the upstream determines the prefix and the authentication. */
const order: readonly RemediationAction["action"][] = [
  "give-required-upstream",
  "narrow-scope",
  "rename",
  "rename-or-delete",
  "take-credential-off",
  "take-role-off",
  "give-credential",
  "give-role",
];

/** Drafts the change of a rule for all of its findings together. */
export function draftExisting(
  rule: PullThroughCacheRule,
  remediables: readonly Remediable[],
  scene: Scene,
): Drafted {
  const findings = remediables.map(({ finding }) => finding);
  const isRequired = remediables.some(({ action: { action } }) => action === "give-required-upstream");
  const isUnwanted = remediables.some(({ action: { action } }) => action === "delete");
  if (isUnwanted && !isRequired) {
    return { draft: { before: rule, after: null, findings }, undecided: [] };
  }
  const undecided: Undecided[] = [];
  let after: PullThroughCacheRule = rule;
  for (const { finding, action } of remediables.toSorted((a, b) => rankOf(a) - rankOf(b))) {
    const step = remediated(after, action, scene);
    if (step === "delete") return { draft: { before: rule, after: null, findings }, undecided: [] };
    if (step.state === "open") undecided.push({ finding, question: step.question });
    else after = step.value;
  }
  const settled = withFittingAccess(rule, after, scene);
  if (settled.state === "open") {
    const { question } = settled;
    return { draft: null, undecided: findings.map((finding) => ({ finding, question })) };
  }
  return { draft: { before: rule, after: settled.value, findings }, undecided };
}

function rankOf({ action: { action } }: Remediable): number {
  return order.indexOf(action);
}

/** Drafts a required rule that is missing. Only creating it remediates a finding on a missing rule. */
export function draftMissing(prefix: string, remediables: readonly Remediable[], scene: Scene): Drafted {
  const findings = remediables.map(({ finding }) => finding);
  const undecided: Undecided[] = [];
  for (const { finding, action } of remediables) {
    if (action.action !== "create") throw new Error(`${action.action} creates no rule`);
    const upstream = decideRequired(action.required, prefix, scene.policy);
    if (upstream.state === "open") {
      undecided.push({ finding, question: upstream.question });
      continue;
    }
    const bare = {
      ecrRepositoryPrefix: prefix,
      credentialArn: null,
      customRoleArn: null,
      createdAt: null,
      updatedAt: null,
      ...upstream.value,
    };
    const settled = withFittingAccess(null, bare, scene);
    if (settled.state === "decided") {
      return { draft: { before: null, after: settled.value, findings }, undecided: [] };
    }
    undecided.push({ finding, question: settled.question });
  }
  return { draft: null, undecided };
}

function remediated(
  rule: PullThroughCacheRule,
  action: RemediationAction,
  scene: Scene,
): Decision<PullThroughCacheRule> | "delete" {
  const { policy, rules } = scene;
  const prefix = rule.ecrRepositoryPrefix;
  const taken = rules.map((other) => other.rule.ecrRepositoryPrefix);
  switch (action.action) {
    case "give-required-upstream":
      return mapped(decideRequired(action.required, prefix, policy), (upstream) => ({
        ...rule,
        ...upstream,
      }));
    case "narrow-scope":
      return mapped(decideScope(rule, policy), (upstream) => ({ ...rule, ...upstream }));
    case "rename":
      return renamed(rule, decidePrefix(rule, policy, taken));
    case "rename-or-delete": {
      const named = decidePrefix(rule, policy, taken);
      return named.state === "open" ? "delete" : renamed(rule, named);
    }
    case "take-credential-off":
      return decided({ ...rule, credentialArn: null });
    case "take-role-off":
      return decided({ ...rule, customRoleArn: null });
    case "give-credential":
      return mapped(decideCredential(rule, scene), (credentialArn) => ({ ...rule, credentialArn }));
    case "give-role":
      return mapped(decideRole(rule, scene), (customRoleArn) => ({ ...rule, customRoleArn }));
    case "delete":
      // The policy requires this rule with another upstream: it gets that upstream and is not deleted.
      return decided(rule);
    case "create":
    case "instruct":
    case "never-fails":
      throw new Error(`${action.action} changes no rule`);
  }
}

function renamed(rule: PullThroughCacheRule, name: Decision<string>): Decision<PullThroughCacheRule> {
  return mapped(name, (ecrRepositoryPrefix) => ({ ...rule, ecrRepositoryPrefix }));
}
