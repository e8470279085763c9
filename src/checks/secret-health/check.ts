import { type Day, dayOf, dayOfTime, parseDay } from "../../core/days.ts";
import { isSameLocation, parseSecretArn } from "../../ecr/arn.ts";
import { type Evidence, notCollected } from "../../facts/evidence.ts";
import type { SecretDescription, SecretVersion } from "../../facts/secrets.ts";
import type { ObservedRule } from "../../facts/snapshot.ts";
import type { Policy } from "../../policy/schema.ts";
import { defineRuleCheck } from "../define-check.ts";
import { aboutKey } from "../rule-validation/failures.ts";
import { pass, unknownBecause, type Verdict } from "../verdict.ts";
import { secretHealthRemediation } from "./remediation.ts";
import { type SecretHealthKinds, secretHealthText } from "./text.ts";

/** The number of days before the expiry of a token from which to warn, if the policy does not set it. */
const WARN_DAYS = 14;

/** The default key, as its alias or the ARN of its alias. */
const defaultKey = /^(arn:.+:)?alias\/aws\/secretsmanager$/;

/** An alias of any key. Of the AWS managed keys, Secrets Manager uses only {@link defaultKey}. */
const anyAlias = /^(arn:.+:)?alias\//;

/** Fails if ECR cannot use the secret of a rule, or if its token must be renewed. */
export const secretHealth = defineRuleCheck({
  id: "secret-health",
  severity: "medium",
  text: secretHealthText,
  remediation: secretHealthRemediation,
  predictable: true,
  facts: ({ secrets }) => (secrets?.maxAgeDays === undefined ? ["secrets"] : ["secrets", "secretVersions"]),
  isDemanded: ({ secrets }) => secrets !== undefined,
  evaluate: ({
    rule: { credentialArn },
    observed,
    registry: { target, secrets, secretVersions },
    policy,
    now,
  }) => {
    if (credentialArn === null) return { status: "NOT_APPLICABLE", kind: "no-credential", data: {} };
    const arn = parseSecretArn(credentialArn);
    if (arn === null || !isSameLocation(arn, target)) {
      return { status: "NOT_APPLICABLE", kind: "credential-not-here", data: { credentialArn } };
    }
    const secret = secrets[credentialArn] ?? notCollected("secretsmanager:DescribeSecret");
    if (secret.state === "unreadable") return unknownBecause(secret);
    if (secret.state === "absent") return { status: "FAIL", kind: "secret-missing", data: { credentialArn } };
    const version = secretVersions[credentialArn] ?? notCollected("secretsmanager:ListSecretVersionIds");
    const verdicts = [
      ...evaluateSecret(
        { ...secret.value, credentialArn, version },
        observed,
        policy.secrets ?? {},
        dayOf(now),
      ),
    ];
    return verdicts.length > 0 ? verdicts : pass;
  },
});

type Secret = SecretDescription & {
  readonly credentialArn: string;
  readonly version: Evidence<SecretVersion>;
};
type Demands = NonNullable<Policy["secrets"]>;
type Verdicts = Generator<Verdict<SecretHealthKinds>>;

function* evaluateSecret(
  secret: Secret,
  { validation }: ObservedRule,
  demands: Demands,
  today: Day,
): Verdicts {
  yield* evaluateDeletion(secret);
  yield* evaluateKey(secret, validation);
  yield* evaluateAge(secret, demands, today);
  yield* evaluateRotation(secret, demands, today);
  yield* evaluateExpiry(secret, demands, today);
}

function* evaluateDeletion({ credentialArn, deletedAt }: Secret): Verdicts {
  if (deletedAt === null) return;
  yield {
    status: "FAIL",
    kind: "secret-being-deleted",
    subject: "deletion",
    data: { credentialArn, deletedAt },
  };
}

/**
 * Whether ECR can decrypt the secret. The ID or ARN of a key may be that of the AWS managed key: secrets made in the console
 * may name it so. A valid validation shows that ECR could decrypt the secret, whatever its key is (Secrets Manager API
 * reference, DescribeSecret, November 2026). A failed one says something of the key only if its text does.
 */
function* evaluateKey({ credentialArn, kmsKeyId }: Secret, validation: ObservedRule["validation"]): Verdicts {
  if (kmsKeyId === null || defaultKey.test(kmsKeyId)) return;
  const said = validation.state === "present" ? validation.value : null;
  if (said?.outcome === "valid") return;
  const data = { credentialArn, kmsKeyId };
  const isUndecryptable = said?.outcome === "invalid" && aboutKey.test(said.failure);
  yield anyAlias.test(kmsKeyId) || isUndecryptable
    ? { status: "FAIL", kind: "secret-under-customer-key", subject: "key", data }
    : { status: "UNKNOWN", kind: "secret-key-unknown", subject: "key", data };
}

/**
 * The age of the value is that of its version: any edit of the secret, even of a tag, changes `LastChangedDate`. The value
 * is never younger than the last change, so a secret that was last changed too long ago is too old in any case.
 */
function* evaluateAge(
  { credentialArn, lastChangedAt, version }: Secret,
  { maxAgeDays }: Demands,
  today: Day,
): Verdicts {
  if (maxAgeDays === undefined) return;
  const since = version.state === "present" ? version.value.currentSince : null;
  const judged = since ?? lastChangedAt;
  const setOn = judged === null ? null : dayOfTime(judged);
  if (judged !== null && setOn !== null && today - setOn > maxAgeDays) {
    const data = { credentialArn, lastChangedAt: judged, maxAgeDays };
    yield { status: "FAIL", kind: "secret-too-old", subject: "age", data };
  } else if (version.state === "unreadable") {
    yield unknownBecause(version);
  } else if (since === null || setOn === null) {
    yield { status: "UNKNOWN", kind: "secret-age-unknown", subject: "age", data: { credentialArn } };
  }
}

/** A rotation that is overdue has failed: the time of the next one is the latest by which it takes place. */
function* evaluateRotation(
  { credentialArn, rotation: recorded }: Secret,
  { rotation }: Demands,
  today: Day,
): Verdicts {
  if (rotation !== "required") return;
  const data = { credentialArn };
  if (recorded === null) {
    yield { status: "UNKNOWN", kind: "rotation-unknown", subject: "rotation", data };
  } else if (!recorded.isEnabled) {
    yield { status: "FAIL", kind: "rotation-off", subject: "rotation", data };
  } else if (recorded.nextAt !== null) {
    const dueOn = dayOfTime(recorded.nextAt);
    if (dueOn !== null && dueOn >= today) return;
    const due = { credentialArn, nextAt: recorded.nextAt };
    yield { status: "FAIL", kind: "rotation-overdue", subject: "rotation", data: due };
  }
}

function* evaluateExpiry(
  { credentialArn, tags }: Secret,
  { expiryTag, warnDays = WARN_DAYS }: Demands,
  today: Day,
): Verdicts {
  if (expiryTag === undefined) return;
  const value = tags[expiryTag];
  if (value === undefined) return;
  const data = { credentialArn, expiryTag, value };
  const expiresOn = parseDay(value);
  if (expiresOn === null) {
    yield { status: "FAIL", kind: "expiry-not-a-day", subject: "expiry", data };
  } else if (expiresOn < today) {
    yield { status: "FAIL", kind: "secret-expired", subject: "expiry", data };
  } else if (expiresOn - today <= warnDays) {
    yield { status: "FAIL", kind: "secret-expires-soon", subject: "expiry", data };
  }
}
