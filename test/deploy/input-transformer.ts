import * as z from "zod";

/** An input transformer of a rule's target, with the functions of CloudFormation worked out. */
export const inputTransformerSchema = z.strictObject({
  InputPathsMap: z.record(z.string().regex(/^(?!AWS)[A-Za-z0-9_-]{1,256}$/), z.string().max(256)),
  InputTemplate: z.string().min(1).max(8192),
});

/** An input transformer of a rule's target. */
export type InputTransformer = z.infer<typeof inputTransformerSchema>;

/** What cannot end the text around it, however EventBridge treats it there. */
const harmless = /^[\w.*/-]*$/;

/**
 * What EventBridge makes of an event with an input transformer whose template is JSON. It is stricter than EventBridge
 * where AWS's documents leave open what happens: each variable must be used, and be in the event; within a text there may
 * be only values that cannot end the text.
 *
 * Source: Amazon EventBridge user guide, "Amazon EventBridge input transformation", November 2026.
 */
export function transformed({ InputPathsMap, InputTemplate }: InputTransformer, event: unknown): unknown {
  if (Object.keys(InputPathsMap).length > 100) throw new Error("There are more than 100 variables");
  const unused = new Set(Object.keys(InputPathsMap));
  // Texts of JSON, and variables outside them.
  const filled = InputTemplate.replaceAll(/"(?:[^"\\]|\\.)*"|<[^<>"]*>/g, (part) => {
    if (!part.startsWith('"')) return JSON.stringify(lookUp(part));
    return part.replaceAll(/<[^<>]*>/g, (variable) => {
      const value = lookUp(variable);
      if (typeof value !== "string" || !harmless.test(value)) {
        throw new Error(`${variable} cannot be within a text: ${JSON.stringify(value)}`);
      }
      return value;
    });
  });
  if (unused.size > 0) throw new Error(`The template does not use ${[...unused].join(", ")}`);
  return JSON.parse(filled);

  function lookUp(variable: string): unknown {
    const name = variable.slice(1, -1);
    const path = InputPathsMap[name];
    if (path === undefined) throw new Error(`The template uses ${variable}, which has no path`);
    unused.delete(name);
    const value = stepsOf(path).reduce<unknown>((part, key) => Reflect.get(Object(part), key), event);
    if (value === undefined) throw new Error(`The event has no ${path}`);
    return value;
  }
}

/** The keys of a path in dot notation: `["detail", "finding", "id"]`. */
export function stepsOf(path: string): readonly string[] {
  if (!/^\$(\.[\w-]+)+$/.test(path)) throw new Error(`${path} is not in dot notation`);
  return path.split(".").slice(1);
}
