import { callIn, type Evaluator, evaluatorFor } from "../../src/iac/cloudformation/evaluate.ts";
import { scopeOf } from "../../src/iac/cloudformation/scope.ts";
import type { Value } from "../../src/iac/cloudformation/value.ts";
import { entriesOf, parseSources, type Source, valueUnder } from "../../src/iac/source-tree.ts";

/** Where stacks of the tests are. */
const location = { account: "111122223333", region: "eu-central-1" } as const;

/**
 * What CloudFormation makes of a template, by the project's own evaluator: resources and outputs whose condition holds,
 * each value worked out. Numbers are texts. What a resource answers after deployment is `{ pieces }`.
 */
export function resolved(template: unknown, parameters: Readonly<Record<string, string>>) {
  const source = sourceOf(template);
  const given = new Map(Object.entries(parameters));
  const scope = scopeOf(source, { location, given }, () => valueUnder(source, "Conditions"));
  const evaluator = evaluatorFor(scope);
  const partsOf = (section: string) =>
    Object.fromEntries(
      Array.from(entriesOf(valueUnder(source, section))).flatMap(([name, { value }]) => {
        const condition = valueUnder(value, "Condition");
        const isThere = condition === undefined ? true : evaluator.holds(condition);
        if (isThere === null) throw new Error(`It is not known whether ${name} is there`);
        return isThere ? [[name, plain(value, evaluator)]] : [];
      }),
    );
  return { resources: partsOf("Resources"), outputs: partsOf("Outputs") };
}

/** Parsed once for each template, because that takes longer than working it out. */
const sources = new Map<unknown, Source>();

function sourceOf(template: unknown): Source {
  const source = sources.get(template) ?? parseSources(JSON.stringify(template), "template.json")[0];
  if (source === undefined) throw new Error("The template is empty");
  sources.set(template, source);
  return source;
}

function plain(source: Source, evaluator: Evaluator): unknown {
  if (source.kind === "scalar") return source.isNull ? null : source.text;
  if (source.kind === "list") return source.items.map((item) => plain(item, evaluator)).filter(isSomething);
  // A resource has the name of its condition under the key that calls one.
  if (callIn(source) !== null) return worked(evaluator.value(source), evaluator);
  const entries = Array.from(source.entries, ([key, { value }]) => [key, plain(value, evaluator)] as const);
  return Object.fromEntries(entries.filter(([, value]) => isSomething(value)));
}

function worked(value: Value, evaluator: Evaluator): unknown {
  switch (value.kind) {
    case "text":
      return value.text;
    case "list":
      return value.items.map((item) => worked(item, evaluator)).filter(isSomething);
    case "map":
      return plain(value.source, evaluator);
    case "nothing":
      return undefined;
    case "unknown":
      // A text of which nothing is known would be equal to any other.
      if (value.pieces.includes(null)) throw new Error(`A value cannot be worked out: it ${value.why}`);
      return { pieces: value.pieces };
  }
}

function isSomething(value: unknown): boolean {
  return value !== undefined;
}
