import * as z from "zod";
import { parseRoleArn } from "../../ecr/arn.ts";
import { accountIdSchema, regionSchema } from "../../ecr/target.ts";
import type { SourceLocation } from "../declared-rule.ts";
import { configurationOf, toldBy } from "./configuration.ts";
import { expressionIn, type Plan, type ResourceChange, referencesIn, textOrNull } from "./plan.ts";

/** The provider configuration that a resource is created with. */
export type ProviderOfResource = SourceLocation & {
  /** Its key in the plan; a stand-in if the plan has none. */
  readonly key: string;
  /** Whether it has instances in several accounts, or in several regions: a provider with `for_each`. */
  readonly hasMany: { readonly accounts: boolean; readonly regions: boolean };
};

/** The key of the provider of a plan without a configuration. */
const unnamed = "the default provider";

/** Finds the provider of a resource. Each provider is looked at once. */
export function providersIn(plan: Plan): (change: ResourceChange) => ProviderOfResource {
  const identities = identitiesIn(plan);
  const known = new Map<string, ProviderOfResource>();
  const onlyKeys = new Map<string, string | null>();
  return ({ address, type }) => {
    const [local = ""] = type.split("_");
    const only = onlyKeys.get(local) ?? onlyKeyOf(local, plan);
    onlyKeys.set(local, only);
    // A resource that is gone has no configuration.
    const key = configurationOf(address, plan)?.provider_config_key ?? only;
    if (key === null) return { ...nowhere, key: JSON.stringify([unnamed, address]) };
    const provider = known.get(key) ?? providerUnder(key, plan, identities.get(key));
    known.set(key, provider);
    return provider;
  };
}

const nowhere = { account: null, region: null, hasMany: { accounts: false, regions: false } };

/** The key of the only provider with a local name that a plan has; `null` if there may be others. */
function onlyKeyOf(local: string, { configuration }: Plan): string | null {
  const keys = Object.keys(configuration.provider_config).filter((key) =>
    new RegExp(`(?:^|:)${local}(?:\\.|$)`).test(key),
  );
  const [key = unnamed, ...others] = keys;
  // Beside a provider with an alias there may be the default one, which needs no configuration.
  return others.length > 0 || key.includes(".") ? null : key;
}

/** Arguments of a provider that decide in which account it works (hashicorp/aws and awscc, November 2026). */
const decideAccount = [
  "access_key",
  "allowed_account_ids",
  "assume_role",
  "assume_role_with_web_identity",
  "endpoints",
  "profile",
  "shared_config_files",
  "shared_credentials_files",
];

function providerUnder(key: string, plan: Plan, identity: SourceLocation | undefined): ProviderOfResource {
  const { provider_config: providers } = plan.configuration;
  const expressions = (Object.hasOwn(providers, key) ? providers[key]?.expressions : undefined) ?? {};
  const modules = modulesOfKey(key);
  const hasMany = {
    accounts: decideAccount.some((name) => refersToEach(expressions[name])),
    regions: refersToEach(expressions["region"]),
  };
  const account = accountOf(expressions) ?? identity?.account ?? null;
  return {
    key,
    hasMany,
    account: hasMany.accounts ? null : account,
    region: hasMany.regions ? null : (regionOf(expressions, modules, plan) ?? identity?.region ?? null),
  };
}

/** The modules in the key of a provider that a module configures: `module.a.module.b:aws.west`. */
function modulesOfKey(key: string): readonly string[] {
  const [path = "", ...rest] = key.split(":");
  if (rest.length === 0) return [];
  return path.split(".").filter((step, at) => at % 2 === 1 || step !== "module");
}

function refersToEach(given: unknown): boolean {
  return referencesIn(given).some((reference) => /^each\./.test(reference));
}

function regionOf(
  { region }: Readonly<Record<string, unknown>>,
  modules: readonly string[],
  plan: Plan,
): string | null {
  const told = toldBy(region, modules, plan);
  if (told === null) return null;
  // An expression that refers to a variable may be another value than that of the variable.
  return told.isConstant ? textOrNull(told.value) : (regionSchema.safeParse(told.value).data ?? null);
}

/** The account of a provider: the only one that it allows, or that of the role that it assumes. */
function accountOf(expressions: Readonly<Record<string, unknown>>): string | null {
  const allowed = z
    .tuple([accountIdSchema])
    .safeParse(expressionIn(expressions["allowed_account_ids"])?.constant_value).data;
  if (allowed !== undefined) return allowed[0];
  const roles = z.array(z.looseObject({ role_arn: z.unknown() })).safeParse(expressions["assume_role"]).data;
  const arn = textOrNull(expressionIn(roles?.at(-1)?.role_arn)?.constant_value);
  return arn === null ? null : (parseRoleArn(arn)?.account ?? null);
}

const stateModule: z.ZodType<StateModule> = z.lazy(() =>
  z.looseObject({
    resources: z
      .array(z.looseObject({ address: z.string(), values: z.record(z.string(), z.unknown()).nullish() }))
      .optional(),
    child_modules: z.array(stateModule).optional(),
  }),
);

type StateModule = {
  readonly resources?:
    | readonly {
        readonly address: string;
        readonly values?: Readonly<Record<string, unknown>> | null | undefined;
      }[]
    | undefined;
  readonly child_modules?: readonly StateModule[] | undefined;
};

const stateSchema = z.looseObject({ values: z.looseObject({ root_module: stateModule }) });

/** What data sources read of the providers' accounts and regions, by the provider's key. */
function identitiesIn(plan: Plan): ReadonlyMap<string, SourceLocation> {
  const state = stateSchema.safeParse(plan.prior_state).data;
  const found = new Map<string, SourceLocation>();
  for (const { address, values } of state === undefined ? [] : resourcesIn(state.values.root_module)) {
    const type = /(?:^|\.)data\.(aws_caller_identity|aws_region)\.[^.]+$/.exec(address)?.[1];
    const resource = type === undefined ? undefined : configurationOf(address, plan);
    const key = resource?.provider_config_key;
    if (key === undefined || !values || Object.keys(resource?.expressions ?? {}).length > 0) continue;
    const before = found.get(key) ?? { account: null, region: null };
    found.set(
      key,
      type === "aws_region"
        ? { ...before, region: textOrNull(values["region"]) ?? textOrNull(values["name"]) }
        : { ...before, account: textOrNull(values["account_id"]) },
    );
  }
  return found;
}

function* resourcesIn(module: StateModule): Generator<NonNullable<StateModule["resources"]>[number]> {
  yield* module.resources ?? [];
  for (const child of module.child_modules ?? []) yield* resourcesIn(child);
}
