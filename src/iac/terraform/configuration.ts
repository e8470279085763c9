import { memoize } from "../../core/memoize.ts";
import { type ConfigModule, type ConfigResource, expressionIn, type ModuleCall, type Plan } from "./plan.ts";

/** An address without the keys of `count` and `for_each`, which may hold anything: `a["x.y"].b[0]` is `a.b`. */
export function withoutKeys(address: string): string {
  return address.replaceAll(/\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]/g, "");
}

/** The names of the modules of an address, from the outside to the inside, and what follows them. */
export function stepsOf(address: string): { readonly modules: readonly string[]; readonly rest: string } {
  const steps = withoutKeys(address).split(".");
  const modules: string[] = [];
  while (steps[0] === "module" && steps.length > 2) {
    const [, name = ""] = steps.splice(0, 2);
    modules.push(name);
  }
  return { modules, rest: steps.join(".") };
}

/** The configuration of the module with this path of names; `undefined` if there is none. */
export function moduleAt(
  modules: readonly string[],
  { configuration }: Pick<Plan, "configuration">,
): ConfigModule | undefined {
  return modules.reduce<ConfigModule | undefined>(
    (module, name) => callOf(module, name)?.module,
    configuration.root_module,
  );
}

/** The call of a module by name. */
export function callOf(module: ConfigModule | undefined, name: string): ModuleCall | undefined {
  const calls = module?.module_calls ?? {};
  return Object.hasOwn(calls, name) ? calls[name] : undefined;
}

/** The configuration of the resource instance at `address`; `undefined` if there is none. */
export function configurationOf(address: string, plan: Plan): ConfigResource | undefined {
  const { modules, rest } = stepsOf(address);
  const module = moduleAt(modules, plan);
  return module?.resources === undefined ? undefined : resourcesByAddress(module.resources).get(rest);
}

/** Built once for each module: a module may have thousands of rules. */
const resourcesByAddress = memoize(
  new WeakMap<readonly ConfigResource[], ReadonlyMap<string, ConfigResource>>(),
  // The first resource with an address counts.
  (resources) => new Map(resources.toReversed().map((resource) => [resource.address, resource])),
);

/** A value that the configuration tells: from a constant, or through variables that are passed on as they are. */
export type Told = { readonly value: unknown; readonly isConstant: boolean };

/**
 * The value of an expression of a module that is a constant or refers to one variable. The plan does not hold the
 * expression itself: one that refers to a variable may also change its value, so that the caller must judge its form.
 */
export function toldBy(given: unknown, modules: readonly string[], plan: Plan): Told | null {
  const expression = expressionIn(given);
  if (expression === null) return null;
  if (expression.constant_value !== undefined) return { value: expression.constant_value, isConstant: true };
  const [reference, ...more] = expression.references ?? [];
  const name = /^var\.([\w-]+)$/.exec(reference ?? "")?.[1];
  if (name === undefined || more.length > 0) return null;
  const value = variableIn(name, modules, plan);
  return value === undefined ? null : { value, isConstant: false };
}

function variableIn(name: string, modules: readonly string[], plan: Plan): unknown {
  const own = modules.at(-1);
  if (own === undefined) return Object.hasOwn(plan.variables, name) ? plan.variables[name]?.value : undefined;
  const outer = modules.slice(0, -1);
  const call = callOf(moduleAt(outer, plan), own);
  const expressions = call?.expressions ?? {};
  if (Object.hasOwn(expressions, name)) return toldBy(expressions[name], outer, plan)?.value;
  const variables = call?.module?.variables ?? {};
  return Object.hasOwn(variables, name) ? variables[name]?.default : undefined;
}
