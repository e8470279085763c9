import * as z from "zod";

/**
 * Which folder of `src` may import which: the one table that `biome.json` is generated from. The order is that of the
 * documentation; a folder that is not here has no boundaries, which a test refuses.
 */
export type Boundary = {
  /** The folders of `src` that it may import, besides itself. */
  readonly mayImport: readonly string[];
  /** `pure`: no input, no output, no clock. `edge`: it reaches the world. `aws`: it may use the AWS SDK. */
  readonly reaches: "pure" | "edge" | "aws";
};

const domain = ["core", "ecr", "facts", "schemas"];
const evaluating = [...domain, "policy", "checks", "audit"];
const presenting = [...domain, "render", "formats"];

/** The folders of `src`, and what each may import. */
export const boundaries: Readonly<Record<string, Boundary>> = {
  core: { mayImport: [], reaches: "pure" },
  ecr: { mayImport: ["core"], reaches: "pure" },
  facts: { mayImport: ["core", "ecr"], reaches: "pure" },
  schemas: { mayImport: ["core", "ecr", "facts"], reaches: "pure" },
  policy: { mayImport: domain, reaches: "pure" },
  checks: { mayImport: [...domain, "policy"], reaches: "pure" },
  audit: { mayImport: [...domain, "policy", "checks"], reaches: "pure" },
  "policy-test": { mayImport: evaluating, reaches: "pure" },
  iac: { mayImport: evaluating, reaches: "pure" },
  remediation: { mayImport: [...evaluating, "iac"], reaches: "pure" },
  render: { mayImport: domain, reaches: "pure" },
  formats: { mayImport: [...domain, "render"], reaches: "pure" },
  aws: { mayImport: [...evaluating, ...presenting], reaches: "aws" },
  notifiers: { mayImport: [...domain, "audit", "aws", "render", "formats"], reaches: "aws" },
  local: { mayImport: [...evaluating, ...presenting], reaches: "edge" },
  app: { mayImport: [...evaluating, ...presenting, "aws", "notifiers", "local"], reaches: "edge" },
  cli: {
    mayImport: [...evaluating, ...presenting, "policy-test", "iac", "remediation", "local", "app"],
    reaches: "edge",
  },
};

const outsideOfSrc = ["functions", "test", "demo", "bench", "bin", "tools"];

const io = [
  "node:fs",
  "node:fs/*",
  "node:http",
  "node:https",
  "node:net",
  "node:child_process",
  "node:process",
];

const sdk = ["@aws-sdk/*", "@smithy/*"];

/** A rule of the linter for files: what they must not import, and why. */
function restriction(
  includes: readonly string[],
  patterns: readonly { group: readonly string[]; message: string }[],
) {
  const noRestrictedImports = { level: "error", options: { patterns } };
  return { includes, linter: { rules: { style: { noRestrictedImports } } } };
}

function inFolder(folder: string): string {
  return `**/${folder}/**`;
}

/** The overrides of `biome.json` that enforce the table. */
export function boundaryOverrides() {
  const folders = Object.keys(boundaries);
  const ofFolders = Object.entries(boundaries).map(([folder, { mayImport, reaches }]) => {
    const others = folders.filter((other) => other !== folder && !mayImport.includes(other));
    const allowed =
      mayImport.length === 0 ? "nothing else of the project" : [...new Set(mayImport)].join(", ");
    return restriction(
      [`src/${folder}/**`],
      [
        {
          group: [...others, ...outsideOfSrc].map(inFolder),
          message: `src/${folder} may import only ${allowed} (tools/import-boundaries.ts).`,
        },
        ...(reaches === "aws"
          ? []
          : [
              {
                group: sdk,
                message: "Only src/aws and src/notifiers use the AWS SDK: go through src/audit/ports.ts.",
              },
            ]),
        ...(reaches === "pure" ? [{ group: io, message: "This folder is pure: no I/O here." }] : []),
      ],
    );
  });
  return [
    ...ofFolders,
    restriction(
      ["functions/**"],
      [
        {
          group: outsideOfSrc.filter((folder) => folder !== "functions").map(inFolder),
          message: "The product does not know its tests, its demo or its tools.",
        },
        {
          group: sdk,
          message: "Only src/aws and src/notifiers use the AWS SDK: go through src/app/wire.ts.",
        },
        {
          group: ["remediation", "cli"].map(inFolder),
          message: "Rules are changed from the command line, and never by a Lambda function.",
        },
      ],
    ),
  ];
}

/** The text of `biome.json` with the boundaries as the table has them; all else in it stays. */
export function withBoundaries(text: string): string {
  const configuration = configurationSchema.parse(JSON.parse(text));
  const others = configuration.overrides.filter(
    (override) => !JSON.stringify(override).includes("noRestrictedImports"),
  );
  return `${JSON.stringify({ ...configuration, overrides: [...boundaryOverrides(), ...others] }, null, 2)}\n`;
}

const configurationSchema = z.looseObject({ overrides: z.array(z.looseObject({})) });
