import { compareValues } from "../../core/order.ts";
import { keepingOf, parseLifecyclePolicy } from "../../ecr/lifecycle-policy.ts";
import type { CachedRepository, PolicyTexts } from "../../facts/cached-repositories.ts";
import type { CreationTemplate } from "../../facts/creation-templates.ts";
import type { Evidence } from "../../facts/evidence.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import type { Policy } from "../../policy/schema.ts";
import { type Choice, chooseTemplate } from "../creation-template/choose.ts";
import { judgeRepositoryPolicy } from "../iam/repository-policy.ts";
import { defaultFrequencies, defaultScanning, scansRepository } from "../scan-coverage/scanning.ts";

/** What can be wrong with a repository, or cannot be told of it. */
export const problems = {
  encryption: "FAIL",
  "tag-mutability": "FAIL",
  "no-lifecycle-policy": "FAIL",
  "lifecycle-policy-differs": "FAIL",
  "lifecycle-policy-keeps-images": "FAIL",
  "no-repository-policy": "FAIL",
  "repository-policy-differs": "FAIL",
  "repository-policy-lets-in": "FAIL",
  "not-scanned": "FAIL",
  "policy-not-understood": "UNKNOWN",
  "policy-not-read": "UNKNOWN",
  "template-not-known": "UNKNOWN",
} as const;

export type Problem = keyof typeof problems;

/** What cannot be told of a repository. */
type Untold = { [Kind in Problem]: (typeof problems)[Kind] extends "UNKNOWN" ? Kind : never }[Problem];

/**
 * The failures that may stand behind what cannot be told of a repository. All others are known in spite of it: a policy that cannot
 * be read says nothing about the encryption.
 */
const hidden: Readonly<Record<string, readonly Problem[]>> = {
  "policy-not-understood": [
    "lifecycle-policy-differs",
    "lifecycle-policy-keeps-images",
    "repository-policy-differs",
    "repository-policy-lets-in",
  ],
  "policy-not-read": [
    "no-lifecycle-policy",
    "lifecycle-policy-differs",
    "lifecycle-policy-keeps-images",
    "no-repository-policy",
    "repository-policy-differs",
    "repository-policy-lets-in",
  ],
  "template-not-known": [
    "encryption",
    "tag-mutability",
    "no-lifecycle-policy",
    "lifecycle-policy-differs",
    "no-repository-policy",
    "repository-policy-differs",
  ],
} satisfies Record<Untold, readonly Problem[]>;

/** Whether a failure of a kind may stand behind an UNKNOWN result of the same check and prefix. */
export function mayHide(unknownKind: string, kind: string | undefined): boolean {
  const kinds = Object.hasOwn(hidden, unknownKind) ? hidden[unknownKind] : undefined;
  return kinds === undefined || kind === undefined || kinds.some((one) => one === kind);
}

type Section = NonNullable<Policy["cachedRepositories"]>;

/** What a policy asks of repositories. */
export function demandsOf({ cachedRepositories = {}, creationTemplates, scanning }: Policy) {
  const { matchTemplate = true, lifecyclePolicy = false }: Section = cachedRepositories;
  return {
    matchTemplate,
    lifecyclePolicy,
    readsLifecycles: matchTemplate || lifecyclePolicy !== false,
    readsPolicies: matchTemplate || (creationTemplates?.repositoryPolicy ?? false) !== false,
    readsScanning: scanning !== undefined && scanning.required !== false,
  };
}

/** Finds what is wrong with the repositories of a registry, one by one, by the facts that could be read. Pure. */
export function openJudge(
  registry: RegistrySnapshot,
  policy: Policy,
): (repository: CachedRepository) => readonly Problem[] {
  const demands = demandsOf(policy);
  const choose = openChoice(registry, demands.matchTemplate);
  const judgeText = openTextJudge(policy, registry);
  const { scanning } = registry;
  const lifecycles = openTexts(registry.cachedLifecyclePolicies);
  const policies = openTexts(registry.cachedRepositoryPolicies);

  return (repository) => {
    const choice = choose(repository.name);
    const template = choice?.outcome === "chosen" ? choice.template : null;
    const { encryption, tagMutability } = policy.creationTemplates ?? {};
    const found: (Problem | false)[] = [
      choice?.outcome === "shadowed" && "template-not-known",
      !isAllowed(repository.encryptionType, template?.encryptionType, encryption) && "encryption",
      !isAllowed(repository.imageTagMutability, template?.imageTagMutability, tagMutability) &&
        "tag-mutability",
      lifecycleProblem(repository, template),
      repositoryPolicyProblem(repository, template),
      demands.readsScanning &&
        scanning.state !== "unreadable" &&
        !scansRepository(
          scanning.state === "present" ? scanning.value : defaultScanning,
          policy.scanning?.frequencies ?? defaultFrequencies,
          repository,
        ) &&
        "not-scanned",
    ];
    return [...new Set(found.filter((problem) => problem !== false))];
  };

  function lifecycleProblem({ name }: CachedRepository, template: CreationTemplate | null): Problem | false {
    if (!demands.readsLifecycles) return false;
    const text = lifecycles(name);
    if (text === undefined) return false;
    if (text === unread) return "policy-not-read";
    const given = template?.lifecyclePolicy ?? null;
    const { lifecyclePolicy: demand } = demands;
    if (text === null) {
      const isGiven = template?.hasLifecyclePolicy === true;
      return (isGiven || demand !== false) && "no-lifecycle-policy";
    }
    const said = demand === false ? false : judgeText.lifecycle(text, demand);
    if (said !== false) return said;
    return given !== null && !judgeText.isSame(text, given) && "lifecycle-policy-differs";
  }

  function repositoryPolicyProblem(
    { name }: CachedRepository,
    template: CreationTemplate | null,
  ): Problem | false {
    if (!demands.readsPolicies) return false;
    const text = policies(name);
    if (text === undefined) return false;
    if (text === unread) return "policy-not-read";
    const demand = policy.creationTemplates?.repositoryPolicy ?? false;
    if (text === null) {
      const isGiven = template?.hasRepositoryPolicy === true;
      return (isGiven || demand !== false) && "no-repository-policy";
    }
    const said = judgeText.repositoryPolicy(text);
    if (said !== false) return said;
    const given = template?.repositoryPolicy ?? null;
    return given !== null && !judgeText.isSame(text, given) && "repository-policy-differs";
  }
}

/** Chooses the template that ECR would create a repository from; null if it is not asked or could not be read. */
function openChoice({ creationTemplates }: RegistrySnapshot, matchTemplate: boolean) {
  const templates = creationTemplates.state === "present" ? creationTemplates.value : [];
  const isKnown = matchTemplate && creationTemplates.state !== "unreadable";
  return (name: string): Choice | null => (isKnown ? chooseTemplate(folderOf(name), templates) : null);
}

/** The template that ECR would create a repository from, as far as the policy asks for it; null if there is none. */
export function templateFor(
  name: string,
  registry: RegistrySnapshot,
  policy: Policy,
): CreationTemplate | null {
  const choice = openChoice(registry, demandsOf(policy).matchTemplate)(name);
  return choice?.outcome === "chosen" ? choice.template : null;
}

/** By what the template in force gives, else by what the policy allows; anything if neither says. */
function isAllowed(
  value: string,
  given: string | undefined,
  allowed: readonly string[] | undefined,
): boolean {
  if (given !== undefined) return value === given;
  return allowed === undefined || allowed.includes(value);
}

/** The prefix by which ECR chooses the template of a repository: a slash is assumed at the end of a template's prefix. */
function folderOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf("/")));
}

const unread = Symbol("unread");

/**
 * The text of a repository; null if it has none; {@link unread} if this one could not be read; undefined if none was read, or the
 * repository was deleted meanwhile.
 */
function openTexts(
  evidence: Evidence<PolicyTexts>,
): (name: string) => string | typeof unread | null | undefined {
  if (evidence.state !== "present") return () => undefined;
  const { texts, of, unread: failures } = evidence.value;
  const unreadNames = new Set(failures.flatMap(({ repositories }) => repositories));
  return (name) => {
    if (unreadNames.has(name)) return unread;
    if (!Object.hasOwn(of, name)) return undefined;
    const index = of[name] ?? null;
    return index === null ? null : texts[index];
  };
}

/** Judges texts, each once: most repositories share one. */
function openTextJudge(policy: Policy, { target }: RegistrySnapshot) {
  const once = <Answer>(judge: (text: string) => Answer) => {
    const known = new Map<string, Answer>();
    return (text: string): Answer => {
      const answer = known.get(text) ?? judge(text);
      known.set(text, answer);
      return answer;
    };
  };
  const written = once(canonical);
  const parsed = once(parseLifecyclePolicy);
  const demandedOfAccess = policy.creationTemplates?.repositoryPolicy;
  return {
    isSame: (one: string, other: string) => written(one) === written(other),
    lifecycle: (
      text: string,
      demand: Exclude<NonNullable<Section["lifecyclePolicy"]>, false>,
    ): Problem | false => {
      const { rules } = parsed(text);
      if (rules === null) return "policy-not-understood";
      const expireAfterDays = demand === true ? null : demand.expireAfterDays;
      return keepingOf(rules, expireAfterDays) !== null && "lifecycle-policy-keeps-images";
    },
    repositoryPolicy: once((text): Problem | false => {
      const { suspicions } = judgeRepositoryPolicy(text, demandedOfAccess || true, target);
      if (suspicions === null) return "policy-not-understood";
      if (suspicions.some(({ answer }) => answer === "untrusted")) return "repository-policy-lets-in";
      return suspicions.length > 0 && "policy-not-understood";
    }),
  };
}

/** JSON with its keys sorted; any other text as it is. */
function canonical(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), (_key, value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => compareValues(a, b)))
        : value,
    );
  } catch {
    return text;
  }
}
