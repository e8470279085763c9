import type { DeclaredPlace } from "../declared-rule.ts";
import { type ConfigModule, expressionIn, type Plan } from "./plan.ts";

/** The provider configuration that a resource is created with. */
export type ProviderOfResource = DeclaredPlace & {
  /** Its key in the plan; the whole address of the resource's module and type where the plan does not tell. */
  readonly key: string;
};

type ConfigResource = NonNullable<ConfigModule["resources"]>[number];

/** What the configuration says of the resource instance at `address`; `undefined` where it says nothing. */
export function configurationOf(address: string, { configuration }: Plan): ConfigResource | undefined {
  const steps = withoutKeys(address).split(".");
  let module: ConfigModule | undefined = configuration.root_module;
  while (steps[0] === "module") {
    const [, name = ""] = steps.splice(0, 2);
    module = module?.module_calls?.[name]?.module;
  }
  return module?.resources?.find((resource) => resource.address === steps.join("."));
}

/** An address without the keys of `count` and `for_each`, which may hold anything: `a["x.y"].b[0]` is `a.b`. */
function withoutKeys(address: string): string {
  return address.replaceAll(/\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]/g, "");
}

/** The provider that creates a resource, with its region and account where the plan tells them. */
export function providerOf(resource: ConfigResource | undefined, plan: Plan): ProviderOfResource {
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

/** What an expression comes to: a constant, or a variable of the root module. */
function constantOf(given: unknown, { variables }: Plan): unknown {
  const expression = expressionIn(given);
  if (expression?.constant_value !== undefined) return expression.constant_value;
  const [reference, ...more] = expression?.references ?? [];
  const name = /^var\.([\w-]+)$/.exec(reference ?? "")?.[1];
  return name === undefined || more.length > 0 ? null : variables[name]?.value;
}

/** A text that is not empty. */
export function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
