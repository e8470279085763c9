import { secretArn } from "../../simulator/arn.ts";
import type { RecordedCall } from "../../simulator/ledger.ts";
import { UPSTREAMS, upstreamAt } from "../../simulator/upstreams.ts";
import type { Region, Rule, Secret, World } from "../../simulator/world.ts";
import { emptyRegion } from "../../simulator/world-access.ts";
import type { PolicyFile } from "../../support/builders.ts";
import type { DrawnPull } from "../pulls.ts";
import { isAsked, type OracleId } from "./catalogue.ts";
import { answerTo, callsAsking, explained, type Question, reasonOf } from "./ledger.ts";
import {
  type Known,
  type KnownChange,
  known,
  type Outcome,
  type Place,
  type SeenRegistry,
  type SeenRule,
} from "./model.ts";
import type { Planned } from "./plan.ts";
import { seenRepositories } from "./repositories.ts";

/** What an oracle looks at: the world, and all that the auditor ever asked of it. */
export type Evidence = {
  readonly world: World;
  readonly pulls: readonly DrawnPull[];
  /** The calls of this audit. */
  readonly calls: readonly RecordedCall[];
  /** The calls of this audit and of those before. */
  readonly allCalls: readonly RecordedCall[];
  /** The prefixes of rules that are gone, by `account region`, as audits of before left them in the state. */
  readonly former: ReadonlyMap<string, readonly string[]>;
  /** The repository with which the part begins that is read next, by `account region`; `null` for the first one. */
  readonly nextPart: ReadonlyMap<string, string | null>;
  /** The changes that are known in this audit, each of another thing. */
  readonly changes: readonly KnownChange[];
};

/** What can be known of a registry, given what was answered. `policy` is the one in force there. */
export function seenRegistry(
  { place, trouble }: Planned,
  policy: PolicyFile,
  evidence: Evidence,
  today: string,
): SeenRegistry {
  const { world, calls } = evidence;
  const content = world.accounts[place.account]?.regions[place.region] ?? emptyRegion();
  const ask = <T>(operation: string, value: T): Known<T> =>
    answerTo(calls, { service: "ecr", operation, account: place.account, region: place.region }, () => value);
  const listed = trouble ?? ask("DescribePullThroughCacheRules", content.rules);
  const rules = listed.known
    ? known(listed.value.map((rule) => seenRule(rule, place, content, policy, evidence)))
    : explained(listed, place.account, calls);
  const hasRules = rules.known && rules.value.length > 0;
  const asked = <T>(check: OracleId, operation: string, value: T, isAskedBesides = false) =>
    hasRules && (isLookedAt(check, policy) || isAskedBesides) ? ask(operation, value) : null;
  const matches =
    policy.cachedRepositories !== undefined && policy.cachedRepositories.matchTemplate !== false;
  const ownPolicy = asked("registry-policy", "GetRegistryPolicy", content.registryPolicy ?? null);
  const { account, region } = place;
  const key = `${account} ${region}`;
  const former = evidence.former.get(key) ?? [];
  const nextPart = evidence.nextPart.get(key);
  return {
    place,
    former,
    ...(rules.known
      ? seenRepositories(rules.value, former, { place, content, policy, calls, today, nextPart })
      : { repositories: null, metric: null, sizes: null }),
    pulls: heardPulls(place, evidence),
    rules,
    templates: asked("creation-template", "DescribeRepositoryCreationTemplates", content.templates, matches),
    scanning: asked("scan-coverage", "GetRegistryScanningConfiguration", content.scanning),
    registryPolicy: policyEvidence(ownPolicy, place, calls),
    changes: evidence.changes.filter(
      ({ account, region }) => account === place.account && region === place.region,
    ),
  };
}

/** What was heard of pulls. Where it is stored, it has to be read. */
function heardPulls({ account, region }: Place, { pulls, calls }: Evidence): Known<readonly DrawnPull[]> {
  const heard = known(pulls.filter((pull) => pull.account === account && pull.region === region));
  const about = { Key: `nightly/pulls/${account}/${region}.json` };
  const last = callsAsking(calls, { service: "s3", operation: "GetObject", about }).at(-1);
  return last === undefined || [200, 404].includes(last.httpStatus ?? 0)
    ? heard
    : { known: false, reason: "service-error", operation: "s3:GetObject" };
}

/** Whether a policy has a check look at the facts that it needs: they are asked for nowhere else. */
function isLookedAt(check: OracleId, policy: PolicyFile): boolean {
  return isAsked(check, policy) && policy.checks?.[check]?.enabled !== false;
}

/** ECR says by an error that there is no policy. */
function policyEvidence(
  evidence: Known<string | null> | null,
  { account, region }: Place,
  calls: readonly RecordedCall[],
): Known<string | null> | null {
  const asked = callsAsking(calls, { service: "ecr", operation: "GetRegistryPolicy", account, region });
  const saysNone = asked.at(-1)?.errorCode === "RegistryPolicyNotFoundException";
  return evidence !== null && saysNone ? known(null) : evidence;
}

function seenRule(
  rule: Rule,
  place: Place,
  content: Region,
  policy: PolicyFile,
  evidence: Evidence,
): SeenRule {
  const { account, region } = place;
  const named = (arn: string, name: string | undefined) =>
    name === undefined || name.startsWith("arn:") ? name : `arn:aws:${arn}${name}`;
  const where = { partition: "aws", accountId: account, region };
  const { credential } = rule;
  const credentialArn =
    credential === undefined || credential.startsWith("arn:") ? credential : secretArn(where, credential);
  const isHere = credentialArn?.startsWith(`arn:aws:secretsmanager:${region}:${account}:secret:`) ?? false;
  const secret = content.secrets.find(({ name }) => name === credential);
  const isAskedOfSecrets = isHere && isLookedAt("secret-health", policy);
  const askForSecret = (operation: string) =>
    secretEvidence(operation, credentialArn ?? "", secret, place, evidence.calls);
  const seen = {
    prefix: rule.ecrRepositoryPrefix,
    url: rule.upstreamRegistryUrl,
    upstream: upstreamOf(rule),
    upstreamPrefix: rule.upstreamRepositoryPrefix ?? "ROOT",
    credentialArn: credentialArn ?? null,
    roleArn: named(`iam::${account}:role/`, rule.role) ?? null,
    createdAt: rule.createdAt,
    failure: failureOf(rule),
    secret: isAskedOfSecrets ? askForSecret("DescribeSecret") : null,
    secretVersion:
      isAskedOfSecrets && policy.secrets?.maxAgeDays !== undefined
        ? askForSecret("ListSecretVersionIds")
        : null,
  };
  return { ...seen, validation: validationOf(rule, secret, place, evidence) };
}

/** The failure of a rule; the verdicts of one rule fail with one sentence. */
function failureOf({ validation }: Rule): string | null {
  if (validation === undefined) return null;
  const verdicts = "sequence" in validation ? validation.sequence : [validation];
  return verdicts.flatMap((verdict) => ("failure" in verdict ? [verdict.failure] : []))[0] ?? null;
}

/** What the URL says; the name counts only where it is new and the URL is nobody's. */
function upstreamOf({ upstreamRegistryUrl: url, upstreamRegistry: name }: Rule): string | null {
  const byUrl = Object.entries(UPSTREAMS).find(([, upstream]) => upstream.url.test(url))?.[0];
  if (byUrl !== undefined) return byUrl;
  return name === undefined || Object.hasOwn(UPSTREAMS, name) ? null : name;
}

function secretEvidence(
  operation: string,
  SecretId: string,
  secret: Secret | undefined,
  { account, region }: Place,
  calls: readonly RecordedCall[],
): Known<Secret | "gone"> {
  const question = {
    service: "secretsmanager",
    operation,
    account,
    region,
    about: { SecretId },
  };
  const isGone = callsAsking(calls, question).at(-1)?.errorCode === "ResourceNotFoundException";
  return isGone ? known("gone") : answerTo(calls, question, () => secret ?? "gone");
}

/** The errors by which ECR answers a question about a rule. */
const answers: Readonly<Record<string, Outcome>> = {
  PullThroughCacheRuleNotFoundException: "deleted",
  InvalidParameterException: "declined",
  ValidationException: "declined",
};

function validationOf(
  rule: Rule,
  secret: Secret | undefined,
  { account, region }: Place,
  { calls, allCalls }: Evidence,
): Known<Outcome> {
  const about = { ecrRepositoryPrefix: rule.ecrRepositoryPrefix };
  const operation = "ValidatePullThroughCacheRule";
  const question: Question = { service: "ecr", operation, account, region, about };
  const last = callsAsking(calls, question).at(-1);
  if (last === undefined) return { known: false, reason: "never-asked", operation: `ecr:${operation}` };
  const byError = answers[last.errorCode ?? ""];
  if (byError !== undefined) return known(byError);
  if (last.httpStatus !== 200) return { known: false, reason: reasonOf(last), operation: `ecr:${operation}` };
  const answered = callsAsking(allCalls, question).filter(
    ({ httpStatus, spoiled }) => httpStatus === 200 || spoiled === "answer",
  ).length;
  return known(isValid(rule, secret, account, answered) ? "valid" : "invalid");
}

/** What the world says of a rule when it is asked for the `nth` time. */
function isValid(rule: Rule, secret: Secret | undefined, account: string, nth: number): boolean {
  const { validation, upstreamRegistryUrl: url } = rule;
  if (validation !== undefined) {
    const verdicts = "sequence" in validation ? validation.sequence : [validation];
    const verdict = verdicts[Math.min(nth, verdicts.length) - 1];
    return verdict !== undefined && "isValid" in verdict && verdict.isValid;
  }
  const authentication = upstreamAt(url)?.authenticatesWith;
  if (authentication === "role") return rule.role !== undefined || url.startsWith(`${account}.`);
  if (rule.credential === undefined) return authentication !== "secret";
  const isReadable = ["alias/team", "0000aaaa"].every((key) => secret?.kmsKeyId?.includes(key) !== true);
  return secret?.login === "accepted" && secret.deletedDate === undefined && isReadable;
}
