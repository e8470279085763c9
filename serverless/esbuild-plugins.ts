import { readFile } from "node:fs/promises";
import { parse } from "node:path";
import type { Plugin } from "esbuild";

/**
 * Lets esbuild leave out what a function never uses of the SDK's clients. It would keep the schemas of all
 * operations, which were half of what was deployed.
 */
const leanSdk: Plugin = {
  name: "lean-sdk",
  setup: ({ onLoad }) => {
    onLoad({ filter: /@aws-sdk\/client-[a-z0-9-]+\/dist-es\/schemas\/schemas_0\.js$/ }, async ({ path }) => {
      const source = withPlainKeys(await readFile(path, "utf8"));
      return { contents: path.includes("/client-securityhub/") ? withOtherResourcesAlone(source) : source };
    });
  },
};

/**
 * The schemas of operations have computed keys, `{ [_h]: … }`. To evaluate one could do anything, for all
 * esbuild knows, so that it keeps every operation with all that is in its input and output. Here the keys are
 * written out.
 */
function withPlainKeys(source: string): string {
  const constants = source.matchAll(/^const (?<name>_\w+) = (?<text>"\w+");$/gm);
  const texts = new Map(Array.from(constants, ({ groups }) => [groups?.["name"], groups?.["text"]]));
  return source.replace(/\[(_\w+)\]:/g, (key, name) => `${texts.get(name) ?? key}:`);
}

/** Security Hub knows a hundred types of resources. The auditor's findings are about resources of type `Other`. */
function withOtherResourcesAlone(source: string): string {
  const details = /(export var ResourceDetails\$ = \[3, n0, _RDe,\s*0,)[^;]*, 128 \| 0,[^;]*\];/;
  if (!details.test(source)) throw new Error("The schema of Security Hub's resources is not where it was.");
  return source.replace(details, '$1 ["Other"], [128 | 0]];');
}

/** Keeps the names of what is the project's own, for stack traces and for the types of errors. */
const ownNames: Plugin = {
  name: "own-names",
  setup: ({ onLoad, esbuild }) => {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const { code } = await esbuild.transform(source, { loader: "ts", target: "node24", keepNames: true });
      return { contents: code };
    });
  },
};

/** Names the modules of a function after it: by this, Serverless knows which of them go into its zip. */
const namedAfterFunction: Plugin = {
  name: "named-after-function",
  setup: ({ initialOptions }) => {
    const [entry] = Object.values(initialOptions.entryPoints ?? []);
    if (typeof entry === "string") initialOptions.chunkNames = `${parse(entry).name}.[name]-[hash]`;
  },
};

const plugins: readonly Plugin[] = [leanSdk, ownNames, namedAfterFunction];

// Serverless requires what it is told to use.
export { plugins as "module.exports" };
