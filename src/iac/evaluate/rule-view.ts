import { partitionOf } from "../../ecr/partition.ts";
import { type PullThroughCacheRule, ROOT_PREFIX } from "../../ecr/rule.ts";
import type { Target } from "../../ecr/target.ts";
import { recognizeUpstream } from "../../ecr/upstream.ts";
import { byParameter, type Declared, type DeclaredRule, type RuleParameter, set } from "../declared-rule.ts";
import { arnOfRole } from "../references/role.ts";
import { arnOfSecret } from "../references/secret.ts";

/** A check read a value that is not known yet, so its answer is not known either. */
export class UnknownValueError extends Error {
  override readonly name = "UnknownValueError";
  readonly rule: DeclaredRule;
  readonly parameter: RuleParameter;
  /** Why the value is not known: the end of a sentence that begins with the value. */
  readonly why: string;

  constructor(rule: DeclaredRule, parameter: RuleParameter, why: string) {
    super(`${rule.names[parameter]} of ${rule.address} ${why}`);
    this.rule = rule;
    this.parameter = parameter;
    this.why = why;
  }
}

/**
 * A rule in code as checks see rules. Reading a value that is not known yet throws {@link UnknownValueError}: no check
 * can mistake it for another value, and checks that do not read it are not affected.
 */
export function ruleViewOf(rule: DeclaredRule, parameters: DeclaredRule["parameters"]): PullThroughCacheRule {
  const optional = (parameter: RuleParameter): string | null => {
    const declared = parameters[parameter];
    if (declared.state === "unknown") throw new UnknownValueError(rule, parameter, declared.why);
    return declared.state === "set" ? declared.value : null;
  };
  const required = (parameter: RuleParameter): string => {
    const value = optional(parameter);
    if (value === null) throw new UnknownValueError(rule, parameter, "is missing");
    return value;
  };
  return {
    get ecrRepositoryPrefix() {
      return required("ecrRepositoryPrefix");
    },
    get upstreamRegistryUrl() {
      return required("upstreamRegistryUrl");
    },
    get upstreamRegistry() {
      const url = required("upstreamRegistryUrl");
      return recognizeUpstream(url, optional("upstreamRegistry") ?? undefined);
    },
    get upstreamRepositoryPrefix() {
      return optional("upstreamRepositoryPrefix") ?? ROOT_PREFIX;
    },
    get credentialArn() {
      return optional("credentialArn");
    },
    get customRoleArn() {
      return optional("customRoleArn");
    },
    createdAt: null,
    updatedAt: null,
  };
}

/** Whether the ARNs of the secret and the role that the same code declares are filled in, with stand-ins for what is generated. */
type FillReferences = "no" | "known" | { readonly standIn: string };

/**
 * The parameters of a rule in a known location. ARNs that lacked only the location are filled in. With `known`, so are
 * those of a secret and a role of the same code whose names are known; with a stand-in, also those of which only the
 * beginning is known.
 */
export function parametersAt(
  { parameters, secret, role, registryKey }: DeclaredRule,
  { account, region }: Pick<Target, "account" | "region">,
  references: FillReferences,
): DeclaredRule["parameters"] {
  const { id, dnsSuffix } = partitionOf(region);
  const pseudoParameters = new Map([
    ["AccountId", account],
    ["Region", region],
    ["Partition", id],
    ["URLSuffix", dnsSuffix],
  ]);
  const place = { account, region, registryKey };
  const standIn = typeof references === "object" ? references.standIn : null;
  const filled = (declared: Declared, arnOf: () => string | null): Declared => {
    if (declared.state !== "unknown") return declared;
    if (declared.template !== null) {
      const fill = (hole: string, name: string): string => pseudoParameters.get(name) ?? hole;
      return set(declared.template.replaceAll(/\$\{AWS::(\w+)\}/g, fill));
    }
    const arn = references === "no" ? null : arnOf();
    return arn === null ? declared : set(arn);
  };
  return {
    ...parameters,
    credentialArn: filled(parameters.credentialArn, () =>
      secret === null ? null : arnOfSecret(secret, place, standIn),
    ),
    customRoleArn: filled(parameters.customRoleArn, () =>
      role === null ? null : arnOfRole(role, place, standIn),
    ),
  };
}

/** Stands for a value that is known only after deployment. */
export const notYetKnown = "(known after deployment)";

/** The parameters with `by` in place of those of `names` that are not known. */
export function filledIn(
  parameters: DeclaredRule["parameters"],
  names: readonly RuleParameter[],
  by: Declared,
): DeclaredRule["parameters"] {
  return byParameter((parameter) =>
    names.includes(parameter) && parameters[parameter].state === "unknown" ? by : parameters[parameter],
  );
}
