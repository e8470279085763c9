import * as z from "zod";

const giveThePlan = "give the output of terraform show -json PLANFILE instead";

/** What people give in place of a plan or a template, by its contents, and what to give instead. */
const otherFormats: readonly (readonly [string, (given: Given) => boolean])[] = [
  [
    `is a binary file, such as terraform plan -out writes: ${giveThePlan}`,
    ({ text }) => text.startsWith("PK\u0003\u0004"),
  ],
  ["is compressed: decompress it first", ({ text }) => text.startsWith("\u001f\ufffd")],
  ["is a binary file and not a text", ({ text }) => text.slice(0, 65_536).includes("\0")],
  [
    `is the state of Terraform and not a plan: ${giveThePlan}`,
    ({ json }) => hasKeys(json, ["version", "serial", "lineage"]),
  ],
  [
    `is a log of terraform plan -json, which lacks the values of resources: ${giveThePlan}`,
    ({ text, json }) => hasKeys(json, ["@level", "@message"]) || /^\s*\{"@(?:level|message)":/m.test(text),
  ],
  [
    `is the code of Terraform in JSON and not a plan: ${giveThePlan}`,
    ({ json }) =>
      ["resource", "module", "terraform"].some((key) => isObject(entryOf(json, key))) &&
      !isObject(entryOf(json, "Resources")),
  ],
  [
    `is a plan as Terraform shows it to people: ${giveThePlan}`,
    ({ text, json }) =>
      json === undefined &&
      /(?:Terraform|OpenTofu) (?:used the selected providers|will perform the following actions)|^No changes\. (?:Your infrastructure|Infrastructure)/m.test(
        text,
      ),
  ],
  [
    `is the code of Terraform (HCL) and not a plan: ${giveThePlan}`,
    ({ text, json }) => json === undefined && isHcl(text),
  ],
  [
    `is a Terraform plan that is cut off or is not valid JSON: ${giveThePlan}`,
    ({ text, json }) => json === undefined && /^\s*\{\s*"format_version"/.test(text),
  ],
];

/** A text, and its value if it is JSON. */
type Given = { readonly text: string; readonly json: unknown };

/**
 * What a text is that is neither a plan nor a template: the end of a sentence that begins with the file. `null` if it may
 * be a template.
 */
export function otherFormatOf(given: Given): string | null {
  return otherFormats.find(([, matches]) => matches(given))?.[0] ?? null;
}

/** Blocks of HCL begin at the left. A template has its sections there. */
function isHcl(text: string): boolean {
  const block =
    /^(?:(?:resource|data)\s+"?[\w-]+"?\s+"?[\w-]+"?|(?:provider|module|variable|output)\s+"?[\w-]+"?|terraform|locals)\s*\{/m;
  return block.test(text) && !/^["']?(?:Resources|service)["']?\s*:/m.test(text);
}

function hasKeys(json: unknown, keys: readonly string[]): boolean {
  return keys.every((key) => entryOf(json, key) !== undefined);
}

function entryOf(json: unknown, key: string): unknown {
  const entries = z.record(z.string(), z.unknown()).safeParse(json).data ?? {};
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
