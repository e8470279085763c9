import { type DeclaredRule, prefixOf, type RuleParameter, ruleParameters } from "../declared-rule.ts";
import { judgeRole } from "../references/role.ts";
import { judgeSecret, type PlaceOfRule } from "../references/secret.ts";
import { type CreateException, invalid, type Refusal } from "../refusals/refusal.ts";
import { onePerParameter, refusalsOf } from "../refusals/refusals.ts";
import { creationCheck, rulesToARegistry } from "./creation-check.ts";
import { doubtAbout } from "./doubts.ts";
import type { Neighbours, RegistryCounts } from "./neighbours.ts";
import type { PossibleRegistry } from "./possible-registries.ts";
import { type Answer, agreed } from "./report.ts";
import { parametersAt } from "./rule-view.ts";
import { locationUnknown, reasonFor, valuesUnknown } from "./unknowns.ts";

/**
 * Whether CreatePullThroughCacheRule would refuse a rule, either for its own parameters or because of the other rules
 * of the same registry; for a rule that is updated, whether UpdatePullThroughCacheRule would.
 */
export function evaluateCreation(
  rule: DeclaredRule,
  neighbours: Neighbours,
  registries: readonly PossibleRegistry[],
): readonly Answer[] {
  if (rule.call === null) return [leftAsItIs];
  const cases = registries.map(({ target }) => judgedIn(rule, target));
  const asFailure = (refusal: Refusal): Answer => refused(refusal, rule);
  const alone = agreed(cases.map(({ refusals }) => refusals.map(asFailure)));
  const beside = rule.call === "create" ? refusedBeside(rule, neighbours).map(asFailure) : [];
  const failures = [...(alone ?? []), ...beside];
  if (failures.length > 0) return failures;
  const reasons = new Map(cases.flatMap(({ undecided }) => [...undecided]));
  if (reasons.size > 0) return [valuesUnknown(creationCheck.title, rule, reasons)];
  if (alone === null) return [locationUnknown(creationCheck.title, rule)];
  const doubt = rule.call === "create" ? doubtAbout(rule, neighbours) : null;
  return [doubt ?? accepted];
}

/** What AWS would refuse in a rule in one registry, and why the rest cannot be decided, by parameter. */
type JudgedRule = {
  readonly refusals: readonly Refusal[];
  readonly undecided: ReadonlyMap<RuleParameter, string>;
};

function judgedIn(rule: DeclaredRule, { account, region }: PossibleRegistry["target"]): JudgedRule {
  const sent: readonly RuleParameter[] =
    rule.call === "create" ? ruleParameters : ["credentialArn", "customRoleArn"];
  const isSent = ({ parameter }: Pick<Refusal, "parameter">) => sent.includes(parameter);
  const place = { account, region, registryKey: rule.registryKey };
  const parameters = parametersAt(rule, { account, region }, { standIn: "XXXXXX" });
  const { refusals, undecided } = refusalsOf({ parameters, account, region });
  const references = judgeReferences(rule, place);
  const empty = rule.call === "update" ? refusedUpdate(parameters) : [];
  const isForm = ({ exception }: Refusal) => exception === "InvalidParameterException";
  const ofReferences = [references.refusals.filter(isForm), references.refusals] as const;
  const all = onePerParameter([...empty, ...ofReferences[0], ...refusals, ...ofReferences[1]].filter(isSent));
  // What an update sends depends on the upstream, which it does not send.
  const isUpstreamOpen = parameters.upstreamRegistryUrl.state === "unknown";
  const open = undecided.filter(
    (parameter) => sent.includes(parameter) || (isUpstreamOpen && parameter === "upstreamRegistryUrl"),
  );
  return {
    refusals: [...all, ...(rule.call === "update" ? rule.unchangeable.map(notInPlace) : [])],
    undecided: new Map([
      ...open.map((parameter) => [parameter, reasonFor(rule, parameter)] as const),
      ...references.undecided,
    ]),
  };
}

/** Judges the secret and the role that the rule's code declares. */
function judgeReferences({ secret, role }: DeclaredRule, place: PlaceOfRule): JudgedRule {
  const judged = [
    ["credentialArn", secret === null ? null : judgeSecret(secret, place)],
    ["customRoleArn", role === null ? null : judgeRole(role, place)],
  ] as const;
  return {
    refusals: judged.flatMap(([, judgement]) => judgement?.refusals ?? []),
    undecided: new Map(
      judged.flatMap(([parameter, judgement]) =>
        judgement?.undecided == null ? [] : [[parameter, judgement.undecided] as const],
      ),
    ),
  };
}

/** An update that sends neither a credential nor a role is refused (hashicorp and Pulumi providers, pulumi-aws #5714). */
function refusedUpdate({ credentialArn, customRoleArn }: DeclaredRule["parameters"]): readonly Refusal[] {
  const sendsNothing = credentialArn.state === "unset" && customRoleArn.state === "unset";
  return sendsNothing ? [invalid("credentialArn", nothingSent)] : [];
}

/** UpdatePullThroughCacheRule takes no other parameters. A new prefix names a rule that does not exist. */
function notInPlace(parameter: RuleParameter): Refusal {
  return invalid(
    parameter,
    "would change, and an update changes only the credential and the role: replace the rule instead",
  );
}

const nothingSent =
  "and the role are both missing, and an update must send one of them: AWS cannot take the last one away. Replace the rule instead";

function refusedBeside(rule: DeclaredRule, { twin, counts }: Neighbours): readonly Refusal[] {
  const prefix = prefixOf(rule);
  if (!rule.isCertain) return twin?.isThereBefore === true ? [alreadyExists(twinProblem(twin))] : [];
  return [
    ...(twin === null ? [] : [alreadyExists(twinProblem(twin))]),
    ...(prefix !== null && rule.replaces === prefix ? [alreadyExists(stillThere)] : []),
    ...(counts.there + counts.created > rulesToARegistry ? [beyondLimit(counts)] : []),
  ];
}

function twinProblem({ address, isThereBefore }: NonNullable<Neighbours["twin"]>): string {
  return isThereBefore
    ? `is also the prefix of ${address}, which exists already`
    : `is also the prefix of ${address}: AWS creates one of them and refuses the other`;
}

const stillThere =
  "is also the prefix of the rule that it replaces, which is deleted afterwards (create_before_destroy)";

function alreadyExists(problem: string): Refusal {
  return {
    exception: "PullThroughCacheRuleAlreadyExistsException",
    parameter: "ecrRepositoryPrefix",
    problem,
  };
}

function beyondLimit({ there, created }: RegistryCounts): Refusal {
  const total = there + created;
  return {
    exception: "LimitExceededException",
    parameter: "ecrRepositoryPrefix",
    problem: `is one of ${created} new prefixes in a registry that would hold ${total} rules, beyond the quota of ${rulesToARegistry}: AWS refuses ${Math.min(created, total - rulesToARegistry)} of the new ones`,
  };
}

const leftAsItIs: Answer = {
  status: "NOT_APPLICABLE",
  kind: "exists-already",
  subject: "",
  data: {},
  prose: () => ({
    title: creationCheck.title,
    message: "The rule exists already and is not changed.",
    remediation: "Nothing to do.",
  }),
};

const accepted: Answer = {
  status: "PASS",
  kind: "accepted",
  subject: "",
  data: {},
  prose: () => ({
    title: creationCheck.title,
    message: "Nothing in the code makes AWS refuse the rule.",
    remediation: "Nothing to do.",
  }),
};

function refused({ exception, parameter, problem }: Refusal, { names }: DeclaredRule): Answer {
  return {
    status: "FAIL",
    kind: exception,
    subject: parameter,
    data: { exception, parameter, problem },
    prose: () => ({
      title: `AWS would refuse the rule: ${exception}`,
      message: `${names[parameter]} ${problem}.`,
      remediation: isCredentialMissing({ exception, parameter }) ? giveCredential : fixes[exception],
    }),
  };
}

function isCredentialMissing({ exception, parameter }: Pick<Refusal, "exception" | "parameter">): boolean {
  return exception === "UnsupportedUpstreamRegistryException" && parameter === "credentialArn";
}

const giveCredential =
  "Name a secret of the registry's own account and region that holds the credentials of the upstream. Its name must begin with ecr-pullthroughcache/.";

const fixes: Readonly<Record<CreateException, string>> = {
  InvalidParameterException:
    "Write the parameter as CreatePullThroughCacheRule accepts it (Amazon ECR API reference).",
  UnsupportedUpstreamRegistryException:
    "Name an upstream that ECR supports, as the Amazon ECR user guide spells it.",
  UnableToAccessSecretException: 'Give the secret a value of the form {"username":"…","accessToken":"…"}.',
  UnableToDecryptSecretValueException:
    "Leave the key of the secret out: Secrets Manager then uses aws/secretsmanager, the only key that ECR supports.",
  SecretNotFoundException:
    "Name a secret in the account and region of the registry. Its name must begin with ecr-pullthroughcache/.",
  PullThroughCacheRuleAlreadyExistsException:
    "Give each rule of a registry its own prefix. Delete a rule before you create its replacement.",
  LimitExceededException: "Delete rules that are no longer used. AWS does not raise this quota.",
};
