import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
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

/**
 * Leaves out how zod turns schemas into JSON Schema, which every schema could be asked for. No function publishes one:
 * `npm run generate` does.
 */
const leanZod: Plugin = {
  name: "lean-zod",
  setup: ({ onLoad }) => {
    onLoad({ filter: /zod\/v4\/core\/(json-schema-processors|to-json-schema)\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const names = Array.from(
        source.matchAll(/^export (?:const|function|class) (\w+)/gm),
        ([, name]) => name,
      );
      if (names.length === 0) throw new Error(`${path} exports nothing as it did.`);
      return { contents: names.map((name) => `export const ${name} = () => undefined;`).join("\n") };
    });
  },
};

/**
 * Gets Node.js's own modules as `require` does. To import one reads all that it exports, and with `node:http` that
 * loads an HTTP client which nobody uses.
 */
const plainBuiltins: Plugin = {
  name: "plain-builtins",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^[a-z]/ }, ({ path }) =>
      isBuiltin(path) ? { path, namespace: "builtin", sideEffects: false } : undefined,
    );
    onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/**
 * Keeps the names of the project's errors, by which `serverless invoke local` tells them. To keep all names would cost
 * a twentieth of the zip and of the time in which a function starts.
 */
const errorNames: Plugin = {
  name: "error-names",
  setup: ({ onLoad, esbuild }) => {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      if (!source.includes("extends Error {")) return undefined;
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

const plugins: readonly Plugin[] = [leanSdk, leanZod, plainBuiltins, errorNames, namedAfterFunction];

// Serverless requires what it is told to use.
export { plugins as "module.exports" };
