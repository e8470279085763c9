import * as z from "zod";

/**
 * One row of the table that says which folder of `src` may import which. `npm run generate` writes the rules in
 * `biome.json` and the folders in `docs/architecture.md` from it, in its order. A test fails for a folder without a row.
 */
export type Boundary = {
  /** What the folder holds, for `docs/architecture.md`. */
  readonly owns: string;
  /** The folders of `src` that it may import, besides itself. */
  readonly mayImport: readonly string[];
  /** `pure`: no I/O and no clock. `edge`: may do I/O. `aws`: may do I/O and use the AWS SDK. */
  readonly reaches: "pure" | "edge" | "aws";
};

const domain = ["core", "ecr", "facts", "schemas"];
const evaluating = [...domain, "policy", "checks", "audit"];
const presenting = [...domain, "render", "formats"];

/** The folders of `src`, and what each may import. */
export const boundaries: Readonly<Record<string, Boundary>> = {
  core: {
    owns: "helpers without any domain: ids, JSON, errors, ordering, concurrency, input limits",
    mayImport: [],
    reaches: "pure",
  },
  ecr: {
    owns: "the nouns of ECR: rules and their fields, upstreams, prefixes, ARNs, registry keys, AWS CLI commands",
    mayImport: ["core"],
    reaches: "pure",
  },
  facts: {
    owns: "one file for each fact, evidence and its reasons, and the snapshot that consists of them",
    mayImport: ["core", "ecr"],
    reaches: "pure",
  },
  schemas: {
    owns: "the published contracts: report, finding, state, snapshot file, plan, history",
    mayImport: ["core", "ecr", "facts"],
    reaches: "pure",
  },
  policy: {
    owns: "the policy file: its sections, loading, errors with a path, matching, linting, expressions",
    mayImport: domain,
    reaches: "pure",
  },
  checks: {
    owns: "one folder for each check: evaluation, text and remediation; `index.ts` lists them",
    mayImport: [...domain, "policy"],
    reaches: "pure",
  },
  audit: {
    owns: "the pipeline in `run.ts`, and a folder for each stage: plan, collect, evaluate, compare, report, deliver, state, fleet; `ports.ts` has the interfaces to the outside",
    mayImport: [...domain, "policy", "checks"],
    reaches: "pure",
  },
  "policy-test": {
    owns: "test cases of a policy: registries in JSON and what the policy must find",
    mayImport: evaluating,
    reaches: "pure",
  },
  iac: {
    owns: "the rules in Terraform plans, CloudFormation templates and serverless.yml, and their evaluation",
    mayImport: evaluating,
    reaches: "pure",
  },
  remediation: {
    owns: "the changes that make registries compliant, and in `apply` how they are carried out",
    mayImport: [...evaluating, "iac"],
    reaches: "pure",
  },
  evidence: {
    owns: "what stored reports prove: the verification of their chain, and the evidence of a period",
    mayImport: evaluating,
    reaches: "pure",
  },
  render: {
    owns: "what formats and notifiers share: escaping, layout, tables, wording",
    mayImport: domain,
    reaches: "pure",
  },
  formats: {
    owns: "one file or folder for each report format; `index.ts` lists them",
    mayImport: [...domain, "render"],
    reaches: "pure",
  },
  aws: {
    owns: "the ports to AWS: calls, credentials, throttling",
    mayImport: [...evaluating, ...presenting],
    reaches: "aws",
  },
  notifiers: {
    owns: "SNS, EventBridge, Security Hub and Slack: what is sent, and how",
    mayImport: [...domain, "audit", "aws", "render", "formats"],
    reaches: "aws",
  },
  local: {
    owns: "the ports to the local machine: folders, files, locks, clock",
    mayImport: [...evaluating, ...presenting],
    reaches: "edge",
  },
  app: {
    owns: "settings, and the wiring that turns them into ports",
    mayImport: [...evaluating, ...presenting, "evidence", "aws", "notifiers", "local"],
    reaches: "edge",
  },
  cli: {
    owns: "the command line: each command is loaded when it is called",
    mayImport: [
      ...evaluating,
      ...presenting,
      "policy-test",
      "iac",
      "remediation",
      "evidence",
      "local",
      "app",
    ],
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

/** A linter rule: what these files must not import, and why. */
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

/** The overrides in `biome.json` that enforce the table. */
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
          message: "The product does not import its tests, demo or tools.",
        },
        {
          group: sdk,
          message: "Only src/aws and src/notifiers use the AWS SDK: go through src/app/wire.ts.",
        },
        {
          group: ["remediation", "cli"].map(inFolder),
          message: "Only the command line changes rules, never a Lambda function.",
        },
      ],
    ),
  ];
}

const begin = "<!-- folders: written by npm run generate -->";
const end = "<!-- end of folders -->";

/** The text of `docs/architecture.md` with the table's folders. @throws Error when the marks are missing */
export function withFolders(text: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < 0) throw new Error(`docs/architecture.md has lost its mark ${from < 0 ? begin : end}`);
  const rows = Object.entries(boundaries).map(([folder, { owns, mayImport, reaches }]) => {
    const others = [...new Set(mayImport)].map((other) => `\`${other}\``).join(", ");
    return `| \`src/${folder}\` | ${owns} | ${others === "" ? "–" : others} | ${reaches} |\n`;
  });
  const table = ["| folder | owns | may import | is |\n", "|---|---|---|---|\n", ...rows].join("");
  return `${text.slice(0, from)}${begin}\n${table}${text.slice(to)}`;
}

/** The text of `biome.json` with the boundaries of the table; everything else in it stays. */
export function withBoundaries(text: string): string {
  const configuration = configurationSchema.parse(JSON.parse(text));
  const others = configuration.overrides.filter(
    (override) => !JSON.stringify(override).includes("noRestrictedImports"),
  );
  return `${JSON.stringify({ ...configuration, overrides: [...boundaryOverrides(), ...others] }, null, 2)}\n`;
}

const configurationSchema = z.looseObject({ overrides: z.array(z.looseObject({})) });
