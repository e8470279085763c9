import * as z from "zod";
import { rulesOfTemplateText } from "../cloudformation/template.ts";
import { type DeclaredRule, prefixOf, type ReadRules } from "../declared-rule.ts";
import { callFor, isThereAfterwards, type LocatedChange, type PlanContext } from "./changes.ts";
import { isMarked, type ResourceChange, textOrNull } from "./plan.ts";
import { parsedJson } from "./plans-in-text.ts";

/** What a resource brings: a template that CloudFormation deploys, or a single resource. */
type Bringer = {
  /** What it is, with its article. */
  readonly noun: string;
  /** Whether its template is deployed where the provider works. A stack set is deployed anywhere. */
  readonly isHere: boolean;
  /** The text of a template in its attributes; `null` if it is not known or in another place. */
  readonly templateIn: (values: Values) => string | null;
};

type Values = Readonly<Record<string, unknown>>;

const templateBody = (values: Values) => textOrNull(values["template_body"]);
const stack: Bringer = { noun: "a CloudFormation stack", isHere: true, templateIn: templateBody };
const stackSet: Bringer = { noun: "a CloudFormation stack set", isHere: false, templateIn: templateBody };
const fromCatalogue = (noun: string): Bringer => ({ noun, isHere: true, templateIn: () => null });

/** The resource types that bring resources which Terraform does not list (hashicorp/aws and awscc, November 2026). */
const bringers: ReadonlyMap<string, Bringer> = new Map([
  ["aws_cloudformation_stack", stack],
  ["awscc_cloudformation_stack", stack],
  ["aws_cloudformation_stack_set", stackSet],
  ["awscc_cloudformation_stack_set", stackSet],
  [
    "aws_cloudcontrolapi_resource",
    { noun: "a resource of Cloud Control", isHere: true, templateIn: singleResource },
  ],
  ["aws_serverlessapplicationrepository_cloudformation_stack", fromCatalogue("a serverless application")],
  ["aws_servicecatalog_provisioned_product", fromCatalogue("a product of Service Catalog")],
  ["awscc_servicecatalog_cloudformation_provisioned_product", fromCatalogue("a product of Service Catalog")],
]);

/** Whether resources of a type bring resources that Terraform does not list. */
export function bringsRules(type: string): boolean {
  return bringers.has(type);
}

/** A resource of Cloud Control as a template. */
function singleResource(values: Values): string | null {
  const type = textOrNull(values["type_name"]);
  const state = textOrNull(values["desired_state"]);
  const properties = state === null ? undefined : parsedJson(state);
  return type === null || properties === undefined
    ? null
    : JSON.stringify({
        Resources: { [type.split("::").at(-1) ?? type]: { Type: type, Properties: properties } },
      });
}

const nothing: ReadRules = { rules: [], departing: [], notRead: [] };

/** Reads the rules in the template of a resource. */
export function readElsewhere(located: LocatedChange, context: PlanContext): ReadRules {
  const { change: all, location } = located;
  const bringer = bringers.get(all.type);
  if (bringer === undefined || isAnotherType(all)) return nothing;
  const { before, after } = all.change;
  const old = before ? readTemplate(before, bringer, located, context) : nothing;
  if (!isThereAfterwards(all)) return { ...nothing, departing: (old ?? nothing).rules.map(departing) };
  const read = after ? readTemplate(after, bringer, located, context) : null;
  if (read === null) {
    const head = { file: context.file, line: null, address: `${context.within}${all.address}`, location };
    const why = `is ${bringer.noun}, whose template is elsewhere or not known before apply`;
    return { ...nothing, notRead: [{ ...head, why, remedy: "Check its template too.", heldBy: null }] };
  }
  return {
    ...read,
    rules: read.rules.map((rule) => ({
      ...rule,
      ...callOf(rule, all.change, old?.rules ?? []),
      isCertain: rule.isCertain && located.isCertain,
    })),
  };
}

function isAnotherType({ change: { after, before } }: ResourceChange): boolean {
  const type = textOrNull((after ?? before)?.["type_name"]);
  return type !== null && type !== "AWS::ECR::PullThroughCacheRule";
}

function readTemplate(
  values: Values,
  { isHere, templateIn }: Bringer,
  { change: { address, change }, location }: LocatedChange,
  { file, within }: PlanContext,
): ReadRules | null {
  if (
    values === change.after &&
    ["template_body", "desired_state"].some((name) => isMarked(change.after_unknown, name))
  )
    return null;
  const text = templateIn(values);
  return text === null
    ? null
    : rulesOfTemplateText(text, {
        file,
        line: null,
        within: `${within}${address}/`,
        location: isHere ? location : { account: null, region: null },
        given: parametersIn(values["parameters"]),
      });
}

const parameterList = z.array(
  z.looseObject({ parameter_key: z.string(), parameter_value: z.string().nullish() }),
);

/** The parameters of a template: a map, or the list of awscc. */
function parametersIn(given: unknown): ReadonlyMap<string, string> {
  const list = parameterList
    .safeParse(given)
    .data?.map(({ parameter_key: key, parameter_value: value }) => [key, value] as const);
  const pairs = list ?? Object.entries(z.record(z.string(), z.unknown()).safeParse(given).data ?? {});
  return new Map(
    pairs.flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : [])),
  );
}

/** The call that AWS receives for a rule of a template that is deployed again. */
function callOf(
  rule: DeclaredRule,
  change: ResourceChange["change"],
  old: readonly DeclaredRule[],
): Pick<DeclaredRule, "call" | "replaces"> {
  const call = callFor(change);
  if (call !== "update") return { call, replaces: null };
  const before = old.find(({ address }) => address === rule.address);
  if (before === undefined) return { call: "create", replaces: null };
  const changed = [
    "ecrRepositoryPrefix",
    "upstreamRegistryUrl",
    "upstreamRegistry",
    "upstreamRepositoryPrefix",
  ] as const;
  const isReplaced = changed.some((name) => !isSame(rule.parameters[name], before.parameters[name]));
  if (isReplaced) return { call: "create", replaces: prefixOf(before) };
  const isUpdated = (["credentialArn", "customRoleArn"] as const).some(
    (name) => !isSame(rule.parameters[name], before.parameters[name]),
  );
  return { call: isUpdated ? "update" : null, replaces: null };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function departing({
  file,
  address,
  location,
  registryKey,
  parameters,
}: DeclaredRule): ReadRules["departing"][number] {
  return { file, address, location, registryKey, prefix: parameters.ecrRepositoryPrefix, fate: "deleted" };
}
