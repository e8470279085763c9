import type { RuleParameter } from "../declared-rule.ts";
import { contentOfText } from "../references/content.ts";
import type { PartlyKnown } from "../references/partly-known.ts";
import type { RoleInCode } from "../references/role.ts";
import { readableSecrets, type SecretContent, type SecretInCode } from "../references/secret.ts";
import { notKnown } from "../references/trust.ts";
import { attributes, isConfigured, type LocatedChange, sensitiveIn } from "./changes.ts";
import { configurationOf, withoutKeys } from "./configuration.ts";
import { isMarked, type Plan, type ResourceChange, textOrNull } from "./plan.ts";
import { parsedJson } from "./plans-in-text.ts";
import { type Target, targetsOf } from "./targets.ts";

/** What a rule's ARN refers to in the same plan. */
export type References = {
  readonly secretOf: (rule: LocatedChange) => SecretInCode | null;
  readonly roleOf: (rule: LocatedChange) => RoleInCode | null;
  /** The values of what a rule refers to that the configuration calls sensitive. */
  readonly sensitiveOf: (rule: LocatedChange) => readonly string[];
};

/** The names of the attributes of a resource type (hashicorp/aws and awscc, November 2026). */
type Names = {
  readonly type: string;
  readonly name: string;
  readonly prefix: string;
  /** The attributes that are the ARN, or from which the ARN is made. */
  readonly arns: readonly string[];
};

const secretTypes: readonly Names[] = [
  { type: "aws_secretsmanager_secret", name: "name", prefix: "name_prefix", arns: ["arn", "id"] },
  { type: "awscc_secretsmanager_secret", name: "name", prefix: "", arns: ["secret_id", "id"] },
];
const versionType = "aws_secretsmanager_secret_version";
const roleTypes: readonly Names[] = [
  { type: "aws_iam_role", name: "name", prefix: "name_prefix", arns: ["arn"] },
  { type: "awscc_iam_role", name: "role_name", prefix: "", arns: ["arn"] },
];
const keyTypes = /(?:^|\.)aws(?:cc)?_kms_(?:external_key|replica_external_key|replica_key|key|alias)\.[^.]+$/;

/** The types of the resources that rules refer to. */
export const referredTypes: readonly string[] = [
  ...secretTypes.map(({ type }) => type),
  ...roleTypes.map(({ type }) => type),
  versionType,
];

/** Follows references to the resources of a plan, through variables and outputs of modules. */
export function referencesIn(plan: Plan, resources: readonly LocatedChange[]): References {
  const byConfiguration = Map.groupBy(resources, ({ change }) => withoutKeys(change.address));
  const byArn = new Map(
    resources.flatMap((one) => {
      const arn = arnIn(one.change);
      return arn === null ? [] : [[arn, one] as const];
    }),
  );
  const versions = resources.filter(({ change }) => change.type === versionType);
  const versionsBySecret = Map.groupBy(
    versions.flatMap((version) => secretsOfVersion(version).map((secret) => ({ version, secret }))),
    ({ secret }) => secret,
  );

  function secretsOfVersion({ change }: LocatedChange): readonly LocatedChange[] {
    const arn = textOrNull(change.change.after?.["secret_id"]);
    const known = arn === null ? undefined : byArn.get(arn);
    if (known !== undefined) return [known];
    return instancesOf(targetsOf(plan, change.address, "secret_id"), change, secretTypes);
  }

  function instancesOf(
    targets: readonly Target[] | null,
    { address }: ResourceChange,
    types: readonly Names[],
  ): readonly LocatedChange[] {
    const found = (targets ?? []).map((target) => instancesAt(target, address, types));
    // If one of several is something else, nothing is known of the value.
    return targets === null || found.some((some) => some.length === 0) ? [] : [...new Set(found.flat())];
  }

  function instancesAt(
    { address, attribute, key, isKeyOfOwn }: Target,
    from: string,
    types: readonly Names[],
  ): readonly LocatedChange[] {
    const all = byConfiguration.get(address) ?? [];
    const [first] = all;
    if (first === undefined) return [];
    if (
      first.change.type === versionType &&
      types === secretTypes &&
      ["arn", "secret_id"].includes(attribute)
    ) {
      return all.flatMap((version) => secretsOfVersion(version));
    }
    const names = types.find(({ type }) => type === first.change.type);
    if (names === undefined || (attribute !== "" && !names.arns.includes(attribute))) return [];
    const wanted = isKeyOfOwn ? keyOf(from) : key;
    const own = wanted === null ? [] : all.filter(({ change }) => keyOf(change.address) === wanted);
    return own.length > 0 ? own : all;
  }

  function referredBy(
    { change }: LocatedChange,
    parameter: RuleParameter,
    types: readonly Names[],
  ): readonly LocatedChange[] {
    const attribute = attributes[parameter];
    const value = textOrNull(change.change.after?.[attribute]);
    if (value !== null) {
      const known = byArn.get(value);
      return known !== undefined && types.some(({ type }) => type === known.change.type) ? [known] : [];
    }
    if (!isMarked(change.change.after_unknown, attribute)) return [];
    return instancesOf(targetsOf(plan, change.address, attribute), change, types);
  }

  function secretIn(one: LocatedChange): SecretInCode {
    const { change, location, registryKey } = one;
    return {
      address: change.address,
      name: nameIn(change, secretTypes, plan),
      key: keyIn(change, plan),
      content: contentIn(
        change,
        (versionsBySecret.get(one) ?? []).map(({ version }) => version.change),
      ),
      location,
      registryKey,
    };
  }

  function roleIn(one: LocatedChange, rule: LocatedChange): RoleInCode {
    const { change, location, registryKey } = one;
    const { after } = change.change;
    const policy = textOrNull(after?.["assume_role_policy"]) ?? after?.["assume_role_policy_document"];
    return {
      address: change.address,
      name: nameIn(change, roleTypes, plan),
      path:
        isMarked(change.change.after_unknown, "path") && isConfiguredIn(change, "path", plan)
          ? null
          : (textOrNull(after?.["path"]) ?? "/"),
      trust: typeof policy === "string" ? (parsedJson(policy) ?? notKnown) : (policy ?? notKnown),
      location,
      // A role is in the account of its provider, whatever the region.
      registryKey: one.provider.key === rule.provider.key ? rule.registryKey : registryKey,
    };
  }

  const secrets = (rule: LocatedChange) => referredBy(rule, "credentialArn", secretTypes);
  const roles = (rule: LocatedChange) => referredBy(rule, "customRoleArn", roleTypes);
  return {
    secretOf: (rule) => oneOfSecrets(secrets(rule).map(secretIn)),
    roleOf: (rule) => {
      const [role, ...others] = roles(rule);
      return role === undefined || others.length > 0 ? null : roleIn(role, rule);
    },
    sensitiveOf: (rule) =>
      [...secrets(rule), ...roles(rule)].flatMap(({ change }) => sensitiveIn(change.change)),
  };
}

function arnIn({ type, change: { before, after } }: ResourceChange): string | null {
  const names = [...secretTypes, ...roleTypes].find((one) => one.type === type);
  const values = names?.arns.map((name) => textOrNull(after?.[name]) ?? textOrNull(before?.[name])) ?? [];
  return values.find((value) => value?.startsWith("arn:") === true) ?? null;
}

/** The key of an instance as it is written, `["a"]` or `[0]`; `null` if it has none. */
function keyOf(address: string): string | null {
  return /\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]$/.exec(address)?.[0] ?? null;
}

function isConfiguredIn({ address }: ResourceChange, attribute: string, plan: Plan): boolean {
  return isConfigured(attribute, configurationOf(address, plan)?.expressions);
}

function nameIn(change: ResourceChange, types: readonly Names[], plan: Plan): PartlyKnown {
  const names = types.find(({ type }) => type === change.type);
  const { after, after_unknown: notYetKnown } = change.change;
  if (names === undefined) return { start: "", rest: "unknown" };
  const name = textOrNull(after?.[names.name]);
  if (name !== null) return { start: name, rest: "none" };
  const isOpen = (attribute: string) =>
    isMarked(notYetKnown, attribute) && isConfiguredIn(change, attribute, plan);
  if (isOpen(names.name) || names.prefix === "" || isOpen(names.prefix))
    return { start: "", rest: "unknown" };
  // The provider generates a name that begins so.
  return { start: textOrNull(after?.[names.prefix]) ?? "terraform-", rest: "generated" };
}

/** The key of a secret: that of its plan, or what its reference tells. */
function keyIn(change: ResourceChange, plan: Plan): SecretInCode["key"] {
  const { after, after_unknown: notYetKnown } = change.change;
  const key = textOrNull(after?.["kms_key_id"]);
  if (key === null && !isMarked(notYetKnown, "kms_key_id")) return "managed";
  if (key === null && !isConfiguredIn(change, "kms_key_id", plan)) return "managed";
  const alias = /(?:^|:)alias\/(.+)$/.exec(key ?? "")?.[1];
  if (alias !== undefined) return alias === "aws/secretsmanager" ? "managed" : "customer";
  const targets = targetsOf(plan, change.address, "kms_key_id") ?? [];
  // An id or an ARN may be that of the key that AWS manages.
  return targets.length > 0 && targets.every(({ address }) => keyTypes.test(address))
    ? "customer"
    : "unknown";
}

/** What a plan tells of the value of a secret. The value itself goes nowhere. */
function contentIn(secret: ResourceChange, versions: readonly ResourceChange[]): SecretContent {
  const own = secret.type.startsWith("awscc_") ? [secret] : [];
  const [first, ...others] = [...own, ...versions];
  if (first === undefined) return { state: "elsewhere" };
  if (others.length > 0) return { state: "unknown" };
  const { after, after_unknown: notYetKnown } = first.change;
  const text = after?.["secret_string"];
  if (typeof text === "string") return contentOfText(text);
  const written = ["secret_string", "secret_binary", "secret_string_wo_version", "generate_secret_string"];
  const isWritten = written.some((name) => isMarked(notYetKnown, name) || (after?.[name] ?? null) !== null);
  return isWritten || first.type === versionType ? { state: "unknown" } : { state: "elsewhere" };
}

/** What is certain of a secret that may be any of these. */
function oneOfSecrets(secrets: readonly SecretInCode[]): SecretInCode | null {
  const [first, ...others] = secrets;
  if (first === undefined || others.length === 0) return first ?? null;
  const all = (test: (secret: SecretInCode) => boolean) => others.every(test);
  const isSame = (part: "content" | "location" | "registryKey" | "key") =>
    all((other) => JSON.stringify(other[part]) === JSON.stringify(first[part]));
  const areReadable = secrets.every(({ name }) => name.start.startsWith(readableSecrets));
  if (!isSame("location") || !isSame("registryKey") || !areReadable) return null;
  return {
    ...first,
    address: `${first.address} or ${others.map(({ address }) => address).join(" or ")}`,
    name: { start: readableSecrets, rest: "generated" },
    key: isSame("key") ? first.key : "unknown",
    content: isSame("content") ? first.content : { state: "unknown" },
  };
}
