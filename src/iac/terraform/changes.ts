import { makeRecord } from "../../core/records.ts";
import { spelled } from "../../ecr/rule.ts";
import {
  allUnknown,
  byParameter,
  type Declared,
  type DeclaredRule,
  type RuleParameter,
  ruleParameters,
  type SourceLocation,
  set,
  unknown,
  unset,
} from "../declared-rule.ts";
import { type ConfigResource, isMarked, type ResourceChange, textOrNull } from "./plan.ts";
import type { ProviderOfResource } from "./providers.ts";

/** What reading a plan needs: the account and region to use if the plan contains none. */
export type PlanContext = {
  readonly file: string;
  readonly location: SourceLocation;
  /** What the addresses in it begin with: empty for the first plan of a file. */
  readonly within: string;
};

/** A change and where it is made. */
export type LocatedChange = {
  readonly change: ResourceChange;
  readonly isCertain: boolean;
  readonly provider: ProviderOfResource;
  /** As {@link DeclaredRule}'s. */
  readonly location: SourceLocation;
  readonly registryKey: string;
};

/** The attributes of a rule, by the API's parameter. Only awscc has `upstream_registry`. */
export const attributes = makeRecord<Readonly<Record<RuleParameter, string>>>(ruleParameters, (parameter) =>
  spelled(parameter, "_"),
);

/** What a change does to the object that exists. */
export type Fate =
  | "stays"
  | "changes"
  | "goes"
  | "is-forgotten"
  | "is-replaced"
  | "is-replaced-and-forgotten";

/** What a change does, from its actions in any order (HashiCorp, "JSON Output Format"; OpenTofu, November 2026). */
export function fateOf({ deposed, change: { actions } }: ResourceChange): Fate {
  const isCreated = actions.includes("create");
  if (actions.includes("forget")) return isCreated ? "is-replaced-and-forgotten" : "is-forgotten";
  if (actions.includes("delete")) return isCreated && deposed === undefined ? "is-replaced" : "goes";
  return actions.includes("update") ? "changes" : "stays";
}

/** Whether the object of a change exists afterwards and is known to Terraform. */
export function isThereAfterwards(change: ResourceChange): boolean {
  return change.deposed === undefined && !["goes", "is-forgotten"].includes(fateOf(change));
}

/** The call that AWS receives for a rule that exists after the change. */
export function callFor({ actions }: ResourceChange["change"]): DeclaredRule["call"] {
  if (actions.includes("create")) return "create";
  return actions.includes("update") ? "update" : null;
}

/** Whether the old object is still there when the new one is created. */
export function isCreatedFirst({ actions }: ResourceChange["change"]): boolean {
  if (!actions.includes("create")) return false;
  return actions.includes("forget") || actions.indexOf("create") < actions.indexOf("delete");
}

const afterApply = "is known only after apply";

/** What a rule will be sent with. */
export function parametersOf(
  { after, after_unknown: notYetKnown }: ResourceChange["change"],
  expressions: ConfigResource["expressions"],
): DeclaredRule["parameters"] {
  if (after === null || after === undefined) return allUnknown(afterApply);
  return byParameter((parameter): Declared => {
    const attribute = attributes[parameter];
    // The provider computes attributes that are not configured and does not send them to AWS.
    if (isMarked(notYetKnown, attribute))
      return isConfigured(attribute, expressions) ? unknown(afterApply) : unset;
    const value = after[attribute];
    return typeof value === "string" && (value !== "" || isRequired(parameter)) ? set(value) : unset;
  });
}

/** Whether code sets an attribute; also if the plan does not tell. */
export function isConfigured(attribute: string, expressions: ConfigResource["expressions"]): boolean {
  return expressions === undefined || Object.hasOwn(expressions, attribute);
}

/** The provider sends an empty text for required attributes and omits it for optional ones. */
function isRequired(parameter: RuleParameter): boolean {
  return parameter === "ecrRepositoryPrefix" || parameter === "upstreamRegistryUrl";
}

/** What UpdatePullThroughCacheRule changes (Amazon ECR API reference, November 2026). */
const changeable: readonly RuleParameter[] = ["credentialArn", "customRoleArn"];

/** The parameters that an update would have to change and cannot. */
export function unchangeableIn({ actions, before, after, after_unknown }: ResourceChange["change"]) {
  if (!actions.includes("update") || !before || !after) return [];
  return ruleParameters.filter((parameter) => {
    const attribute = attributes[parameter];
    if (changeable.includes(parameter) || isMarked(after_unknown, attribute)) return false;
    const [old, next] = [before[attribute], after[attribute]].map(textOrNull);
    // What one side leaves out, the provider did not read or computes.
    return old !== null && next !== null && old !== next;
  });
}

/** The values of a rule that the configuration calls sensitive. */
export function sensitiveIn({ before, after, before_sensitive, after_sensitive }: ResourceChange["change"]) {
  const marked = (values: typeof after, marks: typeof after_sensitive) =>
    Object.entries(values ?? {})
      .filter(([attribute]) => isMarked(marks, attribute))
      .map(([, value]) => textOrNull(value))
      .filter((value) => value !== null);
  return [...new Set([...marked(before, before_sensitive), ...marked(after, after_sensitive)])];
}
