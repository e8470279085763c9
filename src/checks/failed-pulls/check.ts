import { isSamePrefix } from "../../ecr/prefix.ts";
import { ROOT_PREFIX } from "../../ecr/rule.ts";
import type { RuleContext } from "../define-check.ts";
import { defineRuleCheck } from "../define-check.ts";
import { pass, unknownBecause, type Verdict } from "../verdict.ts";
import { type FailingPulls, failedPullsSettings, judgePulls } from "./failing.ts";
import { failedPullsRemediation } from "./remediation.ts";
import type { FailedPullsKinds } from "./text.ts";
import { failedPullsText } from "./text.ts";

/**
 * Fails if pulls through a rule failed within the policy's window, and none has succeeded since. ECR reports pulls as well
 * as it can, and only accounts that forward them are heard: that nothing was heard does not pass.
 */
export const failedPulls = defineRuleCheck({
  id: "failed-pulls",
  severity: "high",
  text: failedPullsText,
  remediation: failedPullsRemediation,
  predictable: false,
  facts: ["pulls"],
  evaluate: ({ rule, registry: { pulls }, policy, now }) => {
    if (pulls.state === "unreadable") return unknownBecause(pulls);
    const heard =
      pulls.state === "present"
        ? pulls.value.find(({ prefix }) => isSamePrefix(prefix, rule.ecrRepositoryPrefix))
        : undefined;
    const { windowHours } = failedPullsSettings(policy);
    if (heard === undefined) return nothingHeard(windowHours);
    const { failing, hasSucceeded, hasOthers } = judgePulls(heard, policy, now);
    if (failing.length > 0) return failing.map((one) => failureOf(one, windowHours, rule));
    if (hasSucceeded) return pass;
    return hasOthers
      ? { status: "NOT_APPLICABLE", kind: "failures-do-not-count", data: { windowHours } }
      : nothingHeard(windowHours);
  },
});

function nothingHeard(windowHours: number) {
  return { status: "NOT_APPLICABLE", kind: "nothing-heard", data: { windowHours } } as const;
}

/** The codes of the SDK (`ImageFailureCode`, November 2026). Which of them the events carry is not documented. */
const kindOfCode = {
  UpstreamAccessDenied: "upstream-access-denied",
  UpstreamTooManyRequests: "upstream-rate-limited",
  UpstreamUnavailable: "upstream-unavailable",
  KmsError: "kms-failed",
} as const satisfies Readonly<Record<string, keyof FailedPullsKinds>>;

function isWithKind(code: string): code is keyof typeof kindOfCode {
  return Object.hasOwn(kindOfCode, code);
}

function failureOf(
  { failures, count }: FailingPulls,
  windowHours: number,
  { ecrRepositoryPrefix, upstreamRegistryUrl, credentialArn }: RuleContext["rule"],
): Verdict<FailedPullsKinds> {
  const { code, firstAt, lastAt, repository, tag, reason } = failures;
  const heard = { count, windowHours, firstAt, lastAt, repository, tag, reason };
  const data = { code: code ?? "other codes", upstreamRegistryUrl, credentialArn, heard };
  const said = { status: "FAIL", subject: JSON.stringify([code]) } as const;
  if (code !== null && /not_?found/i.test(code)) {
    const isRoot = ecrRepositoryPrefix === ROOT_PREFIX;
    return { ...said, kind: "image-not-found", severity: "informational", data: { ...data, isRoot } };
  }
  return { ...said, kind: code !== null && isWithKind(code) ? kindOfCode[code] : "pulls-failed", data };
}
