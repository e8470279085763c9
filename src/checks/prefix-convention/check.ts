import { withoutSlash } from "../../ecr/prefix.ts";
import { ROOT_PREFIX } from "../../ecr/rule.ts";
import { allowsPrefix, entriesAllowing } from "../../policy/matching/allowed.ts";
import { matchesExpression } from "../../policy/matching/matching.ts";
import { defineRuleCheck, type RuleContext } from "../define-check.ts";
import { notDemanded, pass, type Verdict } from "../verdict.ts";
import { prefixConventionRemediation } from "./remediation.ts";
import { type PrefixConventionKinds, prefixConventionText } from "./text.ts";

/** Fails if a prefix does not follow the policy's convention. `ROOT` is not a name; `root-prefix` evaluates it. */
export const prefixConvention = defineRuleCheck({
  id: "prefix-convention",
  severity: "medium",
  text: prefixConventionText,
  remediation: prefixConventionRemediation,
  predictable: true,
  isAskedBy: ({ prefixes: { pattern, maxLength }, allowedUpstreams }) =>
    pattern !== undefined ||
    maxLength !== undefined ||
    allowedUpstreams.some(({ prefixes }) => prefixes !== undefined),
  evaluate: (context) => {
    if (context.rule.ecrRepositoryPrefix === ROOT_PREFIX) return notDemanded;
    const failures = [...namingFailures(context), ...upstreamFailures(context)];
    return failures.length > 0 ? failures : pass;
  },
});

function* namingFailures({ rule, policy }: RuleContext): Generator<Verdict<PrefixConventionKinds>> {
  const prefix = withoutSlash(rule.ecrRepositoryPrefix);
  const { pattern, maxLength = Number.POSITIVE_INFINITY } = policy.prefixes;
  if (pattern !== undefined && !matchesExpression(pattern, prefix)) {
    yield { status: "FAIL", kind: "prefix-pattern", subject: "pattern", data: { pattern } };
  }
  if (prefix.length > maxLength) {
    const data = { length: prefix.length, maxLength };
    yield { status: "FAIL", kind: "prefix-length", subject: "length", data };
  }
}

/** An upstream that no entry allows has no convention; `allowed-upstream` reports it. */
function* upstreamFailures({ rule, policy }: RuleContext): Generator<Verdict<PrefixConventionKinds>> {
  const entries = entriesAllowing(policy, rule);
  const [first] = entries;
  if (first === undefined || entries.some((entry) => allowsPrefix(entry, rule))) return;
  // Stryker disable next-line ArrayDeclaration: an entry without prefixes allows any, so the function has returned
  const allowed = entries.flatMap(({ prefixes }) => prefixes ?? []);
  const data = { upstreamRegistry: first.registry, allowed };
  yield { status: "FAIL", kind: "prefix-of-upstream", subject: "upstream", data };
}
