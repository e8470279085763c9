import { callOf, configurationOf, moduleAt, stepsOf } from "./configuration.ts";
import { type ConfigModule, expressionIn, type Plan } from "./plan.ts";

/** A resource that a value may come from. */
export type Target = {
  /** Its address without keys. */
  readonly address: string;
  readonly attribute: string;
  /** The key of its instance as it is written, `["a"]` or `[0]`; `null` if none is. */
  readonly key: string | null;
  /** Whether the expression of the value itself takes the key from `each.key` or `count.index`. */
  readonly isKeyOfOwn: boolean;
};

/** How many modules, variables and loops are followed. */
const furthest = 20;

type Step = { readonly modules: readonly string[]; readonly left: number };

/**
 * The resources that the value of an attribute comes from, through variables, loops and outputs of modules. A plan holds
 * the references of an expression and not the expression. If all of them are followed, an unknown value comes from one of
 * the resources that are found. `null` if one cannot be followed.
 */
export function targetsOf(plan: Plan, address: string, attribute: string): readonly Target[] | null {
  const resource = configurationOf(address, plan);
  const { modules } = stepsOf(address);
  const references = expressionIn(resource?.expressions?.[attribute])?.references;
  if (references === undefined) return null;
  const own = follow(references, { modules, left: furthest });
  const isKeyed = references.some((reference) => ["each.key", "count.index"].includes(reference));
  return (
    own?.map((target) => (isKeyed && target.key === null ? { ...target, isKeyOfOwn: true } : target)) ?? null
  );

  function follow(all: readonly string[], step: Step): readonly Target[] | null {
    if (step.left === 0) return null;
    // `a.b.c` comes with `a.b`, which it refers to as a whole.
    const most = all.filter(
      (one) =>
        !all.some((other) => other !== one && (other.startsWith(`${one}.`) || other.startsWith(`${one}[`))),
    );
    const found = most.map((reference) => followOne(reference, step));
    const known = found.filter((targets) => targets !== null);
    return known.length === found.length ? known.flat() : null;
  }

  function followOne(reference: string, { modules: at, left }: Step): readonly Target[] | null {
    const module = moduleAt(at, plan);
    const next = { modules: at, left: left - 1 };
    if (/^(?:count|path|terraform|self)\.|^each\.key$/.test(reference)) return [];
    if (/^each\.value/.test(reference)) return followLoop(at, next);
    const variable = /^var\.([\w-]+)/.exec(reference)?.[1];
    if (variable !== undefined) return followVariable(variable, at, left);
    const [, name, output] = /^module\.([\w-]+)(?:\[[^\]]*\])?\.([\w-]+)/.exec(reference) ?? [];
    if (name !== undefined && output !== undefined) return followOutput(module, name, output, next);
    return resourceIn(reference, at);
  }

  function followLoop(at: readonly string[], next: Step): readonly Target[] | null {
    // `each` belongs to the resource itself, or to the call of the module that passes it on.
    const loop = at.length === modules.length ? resource?.for_each_expression : undefined;
    const own = loop ?? callOf(moduleAt(at, plan), modules[at.length] ?? "")?.for_each_expression;
    const references = expressionIn(own)?.references;
    const targets = references === undefined ? null : follow(references, next);
    // A loop over instances has their keys.
    return targets?.map((target) => ({ ...target, isKeyOfOwn: target.attribute === "" })) ?? null;
  }

  function followVariable(name: string, at: readonly string[], left: number): readonly Target[] | null {
    const own = at.at(-1);
    // The values of the root's variables are known.
    if (own === undefined) return [];
    const outer = at.slice(0, -1);
    const given = callOf(moduleAt(outer, plan), own)?.expressions ?? {};
    if (!Object.hasOwn(given, name)) return [];
    const expression = expressionIn(given[name]);
    if (expression?.references === undefined) return expression?.constant_value === undefined ? null : [];
    return follow(expression.references, { modules: outer, left: left - 1 });
  }

  function followOutput(
    module: ConfigModule | undefined,
    name: string,
    output: string,
    next: Step,
  ): readonly Target[] | null {
    const outputs = callOf(module, name)?.module?.outputs ?? {};
    const expression = Object.hasOwn(outputs, output) ? expressionIn(outputs[output]?.expression) : null;
    if (expression?.references === undefined) return null;
    return follow(expression.references, { modules: [...next.modules, name], left: next.left });
  }
}

/** A reference to a resource; `null` if it refers to a local value, a data source, or a resource as a whole. */
function resourceIn(reference: string, modules: readonly string[]): readonly Target[] | null {
  const [, type, name, key, attribute] =
    /^(\w+)\.([\w-]+)(\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\])?(?:\.([\w-]+))?$/.exec(reference) ?? [];
  if (type === undefined || name === undefined || type === "local" || type === "data") return null;
  const path = modules.flatMap((module) => ["module", module]);
  return [
    {
      address: [...path, type, name].join("."),
      attribute: attribute ?? "",
      key: key ?? null,
      isKeyOfOwn: false,
    },
  ];
}
