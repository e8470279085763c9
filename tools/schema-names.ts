import * as z from "zod";
import { checks } from "../src/checks/index.ts";
import { regionNames } from "../src/ecr/regions.ts";

const failsWhen = Object.fromEntries(checks.map(({ id, failsWhen: when }) => [id, `Fails when ${when}.`]));

/** What the schema of a policy defines once: the names that editors complete, with what they mean. */
const definitions = {
  region: {
    anyOf: Object.entries(regionNames).map(([code, description]) => ({ const: code, description })),
  },
  check: { anyOf: Object.entries(failsWhen).map(([id, description]) => ({ const: id, description })) },
} as const;

const regionCode = "^[a-z]{2,4}(-[a-z]+)+-\\d{1,2}$";
const region = { $ref: "#/$defs/region" } as const;
const check = {
  anyOf: [
    { $ref: "#/$defs/check" },
    { type: "string", pattern: "^[a-z0-9*?-]+$", description: "A custom check, or a pattern with * and ?." },
  ],
} as const;

/** By key: what texts at it may be. Regions and custom checks that this version does not know are allowed. */
const completions: Readonly<Record<string, (takesPatterns: boolean) => object>> = {
  regions: (takesPatterns) => ({
    anyOf: [
      region,
      takesPatterns
        ? {
            type: "string",
            pattern: `[*?]|${regionCode}`,
            description: "A newer region, or a pattern with * and ?.",
          }
        : { type: "string", pattern: regionCode, description: "A newer region." },
    ],
  }),
  check: () => check,
  checks: () => check,
};

/** The schema of a policy, in which editors complete the names of regions and checks, with what each means. */
export function withNames(policy: object) {
  return z
    .looseObject({ $schema: z.string() })
    .parse({ ...toObject(rewritten(policy, "")), $defs: definitions });
}

/** @param key the key of the policy at which values of this schema stand */
function rewritten(schema: unknown, key: string): unknown {
  if (Array.isArray(schema)) return schema.map((part: unknown) => rewritten(part, key));
  if (typeof schema !== "object" || schema === null) return schema;
  const own = toObject(schema);
  const complete = completions[key];
  if (complete !== undefined && own["type"] === "string" && own["const"] === undefined) {
    const { type: _type, pattern, minLength: _minLength, ...rest } = own;
    return { ...rest, ...complete(pattern === undefined) };
  }
  const parts = Object.entries(own).map(([keyword, part]): [string, unknown] => {
    if (keyword === "properties") {
      const properties = Object.entries(toObject(part));
      return [keyword, Object.fromEntries(properties.map(([name, of]) => [name, rewritten(of, name)]))];
    }
    return [keyword, rewritten(part, ["items", "anyOf"].includes(keyword) ? key : "")];
  });
  const whole = Object.fromEntries(parts);
  return key === "checks" && own["type"] === "object" ? withSettings(whole) : whole;
}

/** The settings of each check, with what it fails for. Custom checks have other ids. */
function withSettings(settings: Readonly<Record<string, unknown>>) {
  const setting = toObject(settings["additionalProperties"]);
  const known = Object.entries(failsWhen).map(([id, description]) => [id, { description, ...setting }]);
  return { ...settings, properties: Object.fromEntries(known) };
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return z.record(z.string(), z.unknown()).parse(value);
}
