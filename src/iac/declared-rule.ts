import { makeRecord } from "../core/records.ts";
import { type RuleField, ruleFieldNames } from "../ecr/rule.ts";
import type { WaiverInPlace } from "../policy/sections/waivers.ts";
import type { RoleInCode } from "./references/role.ts";
import type { SecretInCode } from "./references/secret.ts";

/** A parameter of CreatePullThroughCacheRule. AWS derives `upstreamRegistry` if it is omitted. */
export type RuleParameter = RuleField | "upstreamRegistry";

/** All parameters of CreatePullThroughCacheRule (ECR API, November 2026). */
export const ruleParameters: readonly RuleParameter[] = ruleFieldNames.flatMap((field) =>
  field === "upstreamRegistryUrl" ? [field, "upstreamRegistry" as const] : [field],
);

/**
 * A value that a file declares. `unknown` differs from `unset`: the value exists once the file is deployed. If only the
 * account or region is missing, `template` is the value with placeholders such as `${AWS::AccountId}`.
 */
export type Declared =
  | { readonly state: "set"; readonly value: string }
  | { readonly state: "unset" }
  | { readonly state: "unknown"; readonly why: string; readonly template: string | null };

/** The file does not set the value: AWS uses its default. */
export const unset = { state: "unset" } as const;

/** The file sets the value. */
export function set(value: string): Declared {
  return { state: "set", value };
}

/** The file sets a value that is unknown. `why` completes a sentence: "… is known only …". */
export function unknown(why: string, template: string | null = null): Declared {
  return { state: "unknown", why, template };
}

/** The account and region in which a rule will be created; unknown parts are `null`. */
export type SourceLocation = {
  readonly account: string | null;
  readonly region: string | null;
};

/** The location of a rule in code. */
export type Origin = {
  readonly file: string;
  /** The first line, from 1; `null` if the file is generated and its lines have no meaning. */
  readonly line: number | null;
  /** Its address in the tool: `module.x.aws_ecr_pull_through_cache_rule.hub["a"]`, or a logical id. */
  readonly address: string;
};

/** A line of source code, from 1. */
export type SourcePlace = { readonly file: string; readonly line: number };

/** A pull through cache rule as code declares it. */
export type DeclaredRule = Origin & {
  readonly location: SourceLocation;
  /** Rules with the same key are created in the same registry, even if that registry is not known yet. */
  readonly registryKey: string;
  readonly parameters: Readonly<Record<RuleParameter, Declared>>;
  /** The names of the parameters in the code. */
  readonly names: Readonly<Record<RuleParameter, string>>;
  /** The call that AWS receives for it; `null` for an existing rule that does not change. */
  readonly call: "create" | "update" | null;
  /** Whether it will certainly exist; `false` if its condition cannot be evaluated. */
  readonly isCertain: boolean;
  /** The prefix of the rule that it replaces, which still exists when this rule is created; else `null`. */
  readonly replaces: string | null;
  /** The secret that `credentialArn` refers to, if the same code declares it. */
  readonly secret: SecretInCode | null;
  /** The role that `customRoleArn` refers to, if the same code declares it. */
  readonly role: RoleInCode | null;
  /** The parameters that an update would have to change and that it cannot change (Amazon ECR API reference, UpdatePullThroughCacheRule). */
  readonly unchangeable: readonly RuleParameter[];
  /** Values that the code calls sensitive. They are judged, but no report holds them. */
  readonly sensitive: readonly string[];
  /** The place in the source code that the file was made from; `null` if it is not known. */
  readonly source: SourcePlace | null;
  /** The waivers that the code holds beside the rule. */
  readonly waivers: readonly WaiverInPlace[];
};

/**
 * A rule that exists in AWS and that the code does not declare any more. It is not evaluated, but a new rule with its
 * prefix meets it.
 */
export type DepartingRule = Pick<DeclaredRule, "file" | "address" | "location" | "registryKey"> & {
  readonly prefix: Declared;
  /** `deleted`: before or after others are created, which nothing tells. `kept`: the tool only forgets it. */
  readonly fate: "deleted" | "kept";
};

/** A part of a file that may hold rules and that was not read. */
export type NotRead = Origin &
  Pick<DeclaredRule, "location"> & {
    /** What it is and why it was not read. Completes a sentence that begins with the address: "… is a nested stack". */
    readonly why: string;
    /** What to do, as a sentence. */
    readonly remedy: string;
    /** The path, from the folder of this file, of the file that holds it. If that file is given too, nothing is missing. */
    readonly heldBy: string | null;
  };

/** What a reader of one format finds in a file. */
export type ReadRules = {
  readonly rules: readonly DeclaredRule[];
  /** The rules that the file takes away or forgets. */
  readonly departing: readonly DepartingRule[];
  /** The parts that may hold rules and that were not read. */
  readonly notRead: readonly NotRead[];
};

/** The rule's prefix, if it is known. */
export function prefixOf({ parameters }: DeclaredRule): string | null {
  const { ecrRepositoryPrefix } = parameters;
  return ecrRepositoryPrefix.state === "set" ? ecrRepositoryPrefix.value : null;
}

/** All parameters of a rule, each from `declared`. */
export function byParameter(declared: (parameter: RuleParameter) => Declared): DeclaredRule["parameters"] {
  return makeRecord<DeclaredRule["parameters"]>(ruleParameters, declared);
}

/** The parameters of a rule whose contents are unknown. */
export function allUnknown(why: string): DeclaredRule["parameters"] {
  return byParameter(() => unknown(why));
}
