import { demandsOf, openJudge, type Problem, templateFor } from "../../checks/cached-repositories/judge.ts";
import { shareOf } from "../../checks/cached-repositories/sample.ts";
import { compareValues } from "../../core/order.ts";
import { scriptWord } from "../../ecr/commands.ts";
import { registryKey } from "../../ecr/registry.ts";
import type { CachedRepository, PolicyTexts } from "../../facts/cached-repositories.ts";
import { present } from "../../facts/evidence.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import { effectivePolicies } from "../../policy/effective.ts";
import type { Policy } from "../../policy/schema.ts";
import type { Finding } from "../../schemas/finding.ts";

/** Repositories that get the same setting by the same command. */
export type RepositoryChange = {
  readonly account: string;
  readonly region: string;
  readonly setting: "lifecycle" | "mutability" | "scanning";
  /** The text of the lifecycle policy, the tag mutability, or `true`. */
  readonly value: string;
  readonly repositories: readonly string[];
};

/** The problems that a change of each setting resolves. */
const resolves: Readonly<Record<RepositoryChange["setting"], readonly Problem[]>> = {
  lifecycle: ["no-lifecycle-policy", "lifecycle-policy-differs", "lifecycle-policy-keeps-images"],
  mutability: ["tag-mutability"],
  scanning: ["not-scanned"],
};

/**
 * The changes that give repositories what their template gives new ones, for the findings that fail and are not waived. Only
 * changes after which the repository no longer has the problem. Nothing is deleted, and the encryption of a repository
 * cannot be changed. Pure.
 */
export function planRepositories(
  findings: readonly Finding[],
  registries: readonly RegistrySnapshot[],
  policy: Policy,
): readonly RepositoryChange[] {
  const effective = effectivePolicies(policy);
  const failing = new Set(
    findings
      .filter(({ check, status, stale }) => check === "cached-repositories" && status === "FAIL" && !stale)
      .map((finding) => JSON.stringify([registryKey(finding), finding.prefix, finding.kind])),
  );
  return registries.flatMap((registry) => {
    const { cachedRepositories: cached, target } = registry;
    if (cached.state !== "present") return [];
    const inForce = effective(target).policy;
    const judge = openJudge(registry, inForce);
    const changes = new Map<string, RepositoryChange & { repositories: string[] }>();
    for (const { prefix, isFormer } of cached.value.prefixes) {
      if (isFormer) continue;
      for (const repository of shareOf(prefix, cached.value, inForce).repositories) {
        const told = judge(repository).filter((problem) =>
          failing.has(JSON.stringify([registryKey(target), prefix, problem])),
        );
        for (const { setting, value } of settingsFor(repository, told, registry, inForce)) {
          const key = JSON.stringify([setting, value]);
          const { account, region } = target;
          const change = changes.get(key) ?? { account, region, setting, value, repositories: [] };
          change.repositories.push(repository.name);
          changes.set(key, change);
        }
      }
    }
    return [...changes.values()];
  });
}

type Setting = Pick<RepositoryChange, "setting" | "value">;

function settingsFor(
  repository: CachedRepository,
  told: readonly Problem[],
  registry: RegistrySnapshot,
  policy: Policy,
): readonly Setting[] {
  const template = templateFor(repository.name, registry, policy);
  const { lifecyclePolicy = null, imageTagMutability = "" } = template ?? {};
  const candidates: readonly Setting[] = [
    ...(lifecyclePolicy === null ? [] : [{ setting: "lifecycle", value: lifecyclePolicy } as const]),
    // The others need filters, which are not recorded.
    ...(["MUTABLE", "IMMUTABLE"].includes(imageTagMutability)
      ? [{ setting: "mutability", value: imageTagMutability } as const]
      : []),
    ...(demandsOf(policy).readsScanning ? [{ setting: "scanning", value: "true" } as const] : []),
  ];
  return candidates.filter(({ setting, value }) => {
    const mended = resolves[setting].filter((problem) => told.includes(problem));
    if (mended.length === 0) return false;
    const { repository: after, registry: around } = withSetting(repository, registry, { setting, value });
    const left = openJudge(around, policy)(after);
    return !resolves[setting].some((problem) => left.includes(problem));
  });
}

/** The repository and its registry after a change. */
function withSetting(repository: CachedRepository, registry: RegistrySnapshot, { setting, value }: Setting) {
  switch (setting) {
    case "mutability":
      return { registry, repository: { ...repository, imageTagMutability: value } };
    case "scanning":
      return { registry, repository: { ...repository, scanOnPush: true } };
    case "lifecycle": {
      const cachedLifecyclePolicies = present({ texts: [value], of: { [repository.name]: 0 }, unread: [] });
      return { registry: { ...registry, cachedLifecyclePolicies }, repository };
    }
  }
}

/** A registry after its changes, and the repositories that they leave with nothing wrong. */
export type Mended = { readonly registry: RegistrySnapshot; readonly repositories: readonly string[] };

/** The registries after the changes, of those in which repositories comply then. Pure. */
export function mendedBy(
  changes: readonly RepositoryChange[],
  registries: readonly RegistrySnapshot[],
  policy: Policy,
): readonly Mended[] {
  const effective = effectivePolicies(policy);
  const byRegistry = Map.groupBy(changes, registryKey);
  return registries.flatMap((registry) => {
    const ofRegistry = byRegistry.get(registryKey(registry.target)) ?? [];
    if (ofRegistry.length === 0 || registry.cachedRepositories.state !== "present") return [];
    const { value: cached } = registry.cachedRepositories;
    const lookedAt = new Map(cached.lookedAt.map((one) => [one.name, one]));
    const { texts = [], of = {}, unread = [] } = textsIn(registry);
    const lifecycles = { texts: [...texts], of: { ...of }, unread };
    for (const { setting, value, repositories } of ofRegistry) {
      if (setting === "lifecycle") lifecycles.texts.push(value);
      for (const name of repositories) {
        const before = lookedAt.get(name);
        if (before === undefined) continue;
        if (setting === "lifecycle") lifecycles.of[name] = lifecycles.texts.length - 1;
        else lookedAt.set(name, withSetting(before, registry, { setting, value }).repository);
      }
    }
    const after = {
      ...registry,
      cachedRepositories: present({ ...cached, lookedAt: [...lookedAt.values()] }),
      cachedLifecyclePolicies:
        registry.cachedLifecyclePolicies.state === "present"
          ? present(lifecycles)
          : registry.cachedLifecyclePolicies,
    };
    const judge = openJudge(after, effective(registry.target).policy);
    const changed = [...new Set(ofRegistry.flatMap(({ repositories }) => repositories))];
    const whole = changed.filter((name) => {
      const repository = lookedAt.get(name);
      return repository !== undefined && judge(repository).length === 0;
    });
    return whole.length === 0 ? [] : [{ registry: after, repositories: whole.toSorted(compareValues) }];
  });
}

function textsIn({ cachedLifecyclePolicies: lifecycles }: RegistrySnapshot): Partial<PolicyTexts> {
  return lifecycles.state === "present" ? lifecycles.value : {};
}

/** How many repositories one line of the script names, so that no command line is too long. */
const batch = 50;

/**
 * The changes as a script for bash and the AWS CLI. It can be read, stopped at any time and run again: it asks for each repository's
 * setting first and changes only those that differ. It deletes nothing. Collected text is quoted.
 */
export function renderRepositoryScript(changes: readonly RepositoryChange[]): string {
  const byAccount = Map.groupBy(changes, ({ account }) => account);
  const accounts = [...byAccount].toSorted(([a], [b]) => compareValues(a, b));
  const parts = accounts.map(([account, ofAccount]) => {
    const commands = ofAccount.flatMap(commandsOf).map((line) => `  ${line}`);
    return [`if in_account ${scriptWord(account)}; then`, ...commands, "fi"].join("\n");
  });
  return `${[head, ...(parts.length === 0 ? ["# No repository can be given what it lacks."] : parts), end].join("\n\n")}\n`;
}

function commandsOf({ region, setting, value, repositories }: RepositoryChange): readonly string[] {
  const sorted = repositories.toSorted(compareValues);
  const lines: string[] = [];
  for (let first = 0; first < sorted.length; first += batch) {
    const names = sorted.slice(first, first + batch).map((name) => `    ${scriptWord(name)}`);
    lines.push(`${setting} ${scriptWord(region)} ${scriptWord(value)} \\`, ...joined(names));
  }
  return lines;
}

function joined(names: readonly string[]): readonly string[] {
  return names.map((name, index) => (index < names.length - 1 ? `${name} \\` : name));
}

const head = `#!/usr/bin/env bash
# Gives repositories that exist what their repository creation template gives new ones. Written by pull-through-auditor.
# It can be stopped at any time and run again: what is done is skipped. It deletes nothing.
set -euo pipefail

changed=0
skipped=0

# Succeeds if the current credentials belong to the account: each account needs its own credentials.
in_account() {
  test "$(aws sts get-caller-identity --query Account --output text)" = "$1" && return 0
  echo "Skipped: set credentials for account $1 and run this script again" >&2
  return 1
}

# give REGION REPOSITORY WANTED PRESENT OPERATION OPTION: one change, unless it is made already.
give() {
  if test "$4" = "$3"; then
    skipped=$((skipped + 1))
    return 0
  fi
  aws ecr "$5" --region="$1" --repository-name="$2" "$6" > /dev/null
  changed=$((changed + 1))
  echo "$5: $2"
}

lifecycle() {
  local region=$1 text=$2 repository present
  shift 2
  for repository in "$@"; do
    present=$(aws ecr get-lifecycle-policy --region="$region" --repository-name="$repository" \\
      --query=lifecyclePolicyText --output=text 2> /dev/null || true)
    give "$region" "$repository" "$text" "$present" put-lifecycle-policy "--lifecycle-policy-text=$text"
  done
}

mutability() {
  local region=$1 wanted=$2 repository present
  shift 2
  for repository in "$@"; do
    present=$(aws ecr describe-repositories --region="$region" --repository-names="$repository" \\
      --query='repositories[0].imageTagMutability' --output=text)
    give "$region" "$repository" "$wanted" "$present" put-image-tag-mutability "--image-tag-mutability=$wanted"
  done
}

scanning() {
  local region=$1 wanted=$2 repository present
  shift 2
  for repository in "$@"; do
    present=$(aws ecr describe-repositories --region="$region" --repository-names="$repository" \\
      --query='to_string(repositories[0].imageScanningConfiguration.scanOnPush)' --output=text)
    give "$region" "$repository" "$wanted" "$present" put-image-scanning-configuration \\
      "--image-scanning-configuration=scanOnPush=$wanted"
  done
}`;

const end = `echo "changed: $changed; already as they should be: $skipped"`;
