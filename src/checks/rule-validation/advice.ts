import { type Advice, advice, adviceText, type Command } from "../../core/advice.ts";
import { arnIn, aws, giveNewSecret, updateRule } from "../../ecr/commands.ts";
import type { RuleRef } from "../../ecr/registry.ts";
import { aboutKey } from "./failures.ts";

/** What AWS says of a rule that does not work. */
export type Failure = {
  readonly failure: string;
  readonly upstreamRegistryUrl: string;
  readonly credentialArn: string | null;
};

/** A cause, the words of AWS that name it, and what to do about it. */
type FailureCause = {
  readonly says: RegExp;
  /** Whether only a rule with a secret can have it. */
  readonly ofSecret?: true;
  /** What other rules share that fail because of it; omitted if it is the rule's own. */
  readonly shared?: "secret" | "role" | "upstream";
  readonly todo: (failure: Failure, ref: RuleRef) => Advice;
};

/**
 * The causes, in the order in which they are tried. AWS documents no list of its texts; the words are those of the
 * exceptions of CreatePullThroughCacheRule and of registries (Amazon ECR API reference and user guide, "Troubleshooting
 * pull through cache issues", November 2026). A text that names no cause gets {@link general}.
 */
const causes: readonly FailureCause[] = [
  {
    says: /too ?many ?requests|rate.{0,9}(limit|exceed)|throttl|\b429\b/i,
    todo: ({ upstreamRegistryUrl }, { account }) =>
      `The upstream (${upstreamRegistryUrl}) limits how often account ${account} may pull. Wait for the limit to reset; if it returns, use a token of an account with a higher limit.`,
  },
  {
    says: /(scheduled|marked|pending)( for)? delet|being deleted/i,
    ofSecret: true,
    shared: "secret",
    todo: (failure, ref) =>
      advice`Find out who deleted the secret and why. To restore it, in account ${ref.account}: ${onSecret("restore-secret", failure, ref)}`,
  },
  {
    says: aboutKey,
    ofSecret: true,
    shared: "secret",
    todo: (failure, ref) =>
      advice`ECR can decrypt only secrets under the default key. In account ${ref.account}, switch the secret to it, which does not change its value: ${onSecret("update-secret", failure, ref, { "kms-key-id": "alias/aws/secretsmanager" })}`,
  },
  {
    says: /\brole\b/i,
    shared: "role",
    todo: (_failure, ref) =>
      advice`Give the rule a role in account ${ref.account} that pullthroughcache.ecr.amazonaws.com can assume and that can pull from the upstream: ${updateRule(ref, { "custom-role-arn": arnIn("iam", ref, "role/ROLE_NAME") })}`,
  },
  {
    says: /access ?token\b.*(missing|required|key)|(json|key|format|structure|malformed|pars(e|ing)).*secret|secret.*(json|\bkeys?\b|format|structure|malformed|pars(e|ing)|not valid)/i,
    ofSecret: true,
    shared: "secret",
    todo: (failure, ref) =>
      advice`Store the user name and token under the keys username and accessToken, as JSON, in the secret in account ${ref.account}: ${putSecret(failure, ref)}`,
  },
  {
    says: /secret.*(not ?(be )?found|n.t (exist|find)|no such|missing)|(not ?find|no such).*secret/i,
    ofSecret: true,
    shared: "secret",
    todo: (_failure, ref) => giveNewSecret(ref),
  },
  {
    says: /(access|read|retriev|get).*secret|secret.*(access|denied|permission|policy)/i,
    ofSecret: true,
    shared: "secret",
    todo: (failure, ref) =>
      advice`In account ${ref.account}, see whether a policy of the secret denies ECR access to it: ${onSecret("get-resource-policy", failure, ref)}; its name must start with ecr-pullthroughcache/.`,
  },
  {
    says: /unauthori[sz]ed|authenticat|forbidden|denied|refused (the )?(credential|by)|credential|incorrect|(invalid|expired|revoked).*(token|password)|\b40[13]\b/i,
    ofSecret: true,
    shared: "secret",
    todo: (failure, ref) =>
      advice`The upstream refused the credential. Create a new token at ${failure.upstreamRegistryUrl}, and store it in the secret in account ${ref.account} (keys username and accessToken): ${putSecret(failure, ref)}`,
  },
  {
    shared: "upstream",
    says: /unreachable|unavailable|time[ds]?[- ]?out|connect|resolve|\bdns\b|\b50[0234]\b/i,
    todo: ({ upstreamRegistryUrl }, { account, region }) =>
      `The upstream (${upstreamRegistryUrl}) did not answer ECR in account ${account}, ${region}. See its status page; if it is up, correct the rule's upstream.`,
  },
];

/** What to do about a rule that does not validate, for the cause that AWS names; afterwards it is validated again. */
export function adviceFor(failure: Failure, ref: RuleRef): Advice {
  const cause = causeOf(failure);
  const validate = aws("ecr validate-pull-through-cache-rule", ref, { "ecr-repository-prefix": ref.prefix });
  const todo = (cause?.todo ?? general)(failure, ref);
  // In running text, a semicolon ends a command.
  return advice`${todo}${adviceText(todo).endsWith(".") ? " Then" : "; then"} validate the rule: ${validate}`;
}

function causeOf({ failure, credentialArn }: Pick<Failure, "failure" | "credentialArn">) {
  return causes.find(
    ({ says, ofSecret }) => says.test(failure) && (ofSecret !== true || credentialArn !== null),
  );
}

/** What the rules share that fail for the cause that AWS names; `null` if the facts of the failure are not known. */
export function sharedBy({
  failure,
  credentialArn,
}: Readonly<Record<string, unknown>>): FailureCause["shared"] | null {
  if (typeof failure !== "string") return null;
  return causeOf({ failure, credentialArn: typeof credentialArn === "string" ? credentialArn : null })
    ?.shared;
}

function general(failure: Failure, ref: RuleRef): Advice {
  if (failure.credentialArn === null) {
    return `In account ${ref.account}, check the rule's upstream, and its role if it has one.`;
  }
  return advice`Store a valid user name and token (keys username and accessToken) in the secret in account ${ref.account}: ${putSecret(failure, ref)}`;
}

function putSecret(failure: Failure, ref: RuleRef): Command {
  return onSecret("put-secret-value", failure, ref, { "secret-string": "file://credential.json" });
}

function onSecret(
  operation: string,
  { credentialArn }: Failure,
  ref: RuleRef,
  options: Readonly<Record<string, string>> = {},
): Command {
  return aws(`secretsmanager ${operation}`, ref, { "secret-id": credentialArn, ...options });
}
