import { memoize } from "../../core/memoize.ts";
import { makeRecord } from "../../core/records.ts";
import { spelled } from "../../ecr/rule.ts";
import {
  allUnknown,
  byParameter,
  type Declared,
  type DeclaredRule,
  type ReadRules,
  type RuleParameter,
  ruleParameters,
  type SourceLocation,
  set,
  unknown,
  unset,
} from "../declared-rule.ts";
import { type ConfigModule, expressionIn, type Plan, parsePlan, type ResourceChange } from "./plan.ts";

/** The provider configuration that a resource is created with. */
type ProviderOfResource = SourceLocation & {
  /** Its key in the plan; the address of the resource's module and type if the plan has no key. */
  readonly key: string;
};

type ConfigResource = NonNullable<ConfigModule["resources"]>[number];

/** The configuration of the resource instance at `address`; `undefined` if there is none. */
function configurationOf(address: string, { configuration }: Plan): ConfigResource | undefined {
  const steps = withoutKeys(address).split(".");
  let module: ConfigModule | undefined = configuration.root_module;
  while (steps[0] === "module") {
    const [, name = ""] = steps.splice(0, 2);
    module = module?.module_calls?.[name]?.module;
  }
  return module?.resources === undefined
    ? undefined
    : resourcesByAddress(module.resources).get(steps.join("."));
}

/** Built once for each module: a module may have thousands of rules. */
const resourcesByAddress = memoize(
  new WeakMap<readonly ConfigResource[], ReadonlyMap<string, ConfigResource>>(),
  // The first resource with an address counts.
  (resources) => new Map(resources.toReversed().map((resource) => [resource.address, resource])),
);

/** An address without the keys of `count` and `for_each`, which may hold anything: `a["x.y"].b[0]` is `a.b`. */
function withoutKeys(address: string): string {
  return address.replaceAll(/\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]/g, "");
}

/** The provider that creates a resource, with its region and account if the plan contains them. */
function providerOf(resource: ConfigResource | undefined, plan: Plan): ProviderOfResource {
  const key = resource?.provider_config_key ?? "the default provider";
  const expressions = plan.configuration.provider_config[key]?.expressions ?? {};
  const accounts = constantOf(expressions["allowed_account_ids"], plan);
  const [account, ...others] = Array.isArray(accounts) ? accounts : [];
  return {
    key,
    region: textOrNull(constantOf(expressions["region"], plan)),
    account: others.length === 0 ? textOrNull(account) : null,
  };
}

/** The value of an expression that is a constant or a variable of the root module. */
function constantOf(given: unknown, { variables }: Plan): unknown {
  const expression = expressionIn(given);
  if (expression?.constant_value !== undefined) return expression.constant_value;
  const [reference, ...more] = expression?.references ?? [];
  const name = /^var\.([\w-]+)$/.exec(reference ?? "")?.[1];
  return name === undefined || more.length > 0 ? null : variables[name]?.value;
}

/** Returns a text that is not empty, else `null`. */
function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** The resource types of rules: of the providers hashicorp/aws and hashicorp/awscc (November 2026). */
const ruleTypes = ["aws_ecr_pull_through_cache_rule", "awscc_ecr_pull_through_cache_rule"];

/** The attributes of a rule, by the API's parameter. Only awscc has `upstream_registry`. */
const attributes = makeRecord<Readonly<Record<RuleParameter, string>>>(ruleParameters, (parameter) =>
  spelled(parameter, "_"),
);

const afterApply = "is known only after apply";

/** What reading a plan needs: the account and region to use if the plan contains none. */
type PlanContext = { readonly file: string; readonly location: SourceLocation };

/**
 * The rules that exist after a plan is applied. Deletes, deposed objects and resources that Terraform only forgets are
 * left out.
 *
 * @throws ConfigurationError if it is not a plan
 */
export function rulesOfPlan(value: unknown, context: PlanContext): ReadRules {
  const plan = parsePlan(value, context.file);
  const planned = plan.resource_changes.map((change) => ({ change, isCertain: true }));
  const deferred = plan.deferred_changes.map(({ resource_change: change }) => ({ change, isCertain: false }));
  const found = [...planned, ...deferred]
    .filter(({ change }) => isRuleToBe(change))
    .map((one) => deployedIn(plan, one));
  const accounts = new Map(
    found
      .map(({ provider, account }) => [provider.key, account] as const)
      .filter(([, account]) => account !== null),
  );
  const rules = found.map((one) => {
    const account = one.account ?? accounts.get(one.provider.key) ?? null;
    return ruleOf({ ...one, account }, context);
  });
  return { rules, departing: [], notRead: [] };
}

function isRuleToBe({ mode, type, deposed, change: { actions } }: ResourceChange): boolean {
  if (mode !== "managed" || !ruleTypes.includes(type) || deposed !== undefined) return false;
  return !["delete", "forget"].includes(actions.join());
}

/** A change with the account and region in which it is made. */
type LocatedChange = SourceLocation & {
  readonly change: ResourceChange;
  readonly isCertain: boolean;
  readonly provider: ProviderOfResource;
  readonly expressions: Readonly<Record<string, unknown>> | undefined;
};

function deployedIn(
  plan: Plan,
  { change, isCertain }: Pick<LocatedChange, "change" | "isCertain">,
): LocatedChange {
  const resource = configurationOf(change.address, plan);
  const provider = providerOf(resource, plan);
  return {
    change,
    isCertain,
    provider,
    expressions: resource?.expressions,
    account: accountOf(change.change) ?? provider.account,
    region: textOrNull(change.change.after?.["region"]) ?? provider.region,
  };
}

function ruleOf(
  { change: { address, change }, isCertain, provider, expressions, account, region }: LocatedChange,
  { file, location }: PlanContext,
): DeclaredRule {
  const { actions, before } = change;
  return {
    file,
    line: null,
    address,
    isCertain,
    registryKey: JSON.stringify([file, provider.key, account, region]),
    location: { account: account ?? location.account, region: region ?? location.region },
    names: attributes,
    parameters: parametersOf(change, expressions),
    call: callFor(actions),
    secret: null,
    role: null,
    waivers: [],
    replaces: actions.join() === "create,delete" ? textOrNull(before?.["ecr_repository_prefix"]) : null,
  };
}

function callFor(actions: readonly string[]): DeclaredRule["call"] {
  if (actions.includes("create")) return "create";
  return actions.includes("update") ? "update" : null;
}

/** The account of an existing rule, which its state contains. */
function accountOf({ after, before }: ResourceChange["change"]): string | null {
  return textOrNull(after?.["registry_id"]) ?? textOrNull(before?.["registry_id"]);
}

function parametersOf(
  { after, after_unknown: notYetKnown }: ResourceChange["change"],
  expressions: Readonly<Record<string, unknown>> | undefined,
): DeclaredRule["parameters"] {
  if (after === null || after === undefined) return allUnknown(afterApply);
  return byParameter((parameter): Declared => {
    const attribute = attributes[parameter];
    const isUnknown = typeof notYetKnown === "object" && notYetKnown?.[attribute] === true;
    // The provider computes attributes that are not configured and does not send them to AWS.
    if (isUnknown) return isConfigured(attribute, expressions) ? unknown(afterApply) : unset;
    const value = after[attribute];
    return typeof value === "string" && (value !== "" || isRequired(parameter)) ? set(value) : unset;
  });
}

function isConfigured(
  attribute: string,
  expressions: Readonly<Record<string, unknown>> | undefined,
): boolean {
  return expressions === undefined || Object.hasOwn(expressions, attribute);
}

/** The provider sends an empty text for required attributes and omits it for optional ones. */
function isRequired(parameter: RuleParameter): boolean {
  return parameter === "ecrRepositoryPrefix" || parameter === "upstreamRegistryUrl";
}
