import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { parse } from "node:path";
import type { Plugin } from "esbuild";
import * as z from "zod";

/**
 * Lets esbuild remove the parts of the SDK's clients that a function never uses. Otherwise it keeps the schemas of all
 * operations, which were half of the deployed code.
 */
const leanSdk: Plugin = {
  name: "lean-sdk",
  setup: ({ onLoad }) => {
    onLoad({ filter: /@aws-sdk\/client-[a-z0-9-]+\/dist-es\/schemas\/schemas_0\.js$/ }, async ({ path }) => {
      const schemas = withPlainKeys(await readFile(path, "utf8"));
      const source = /\/client-s[nt]s\//.test(path) ? schemas : withoutErrorClasses(schemas, path);
      return { contents: path.includes("/client-securityhub/") ? withOtherResourcesAlone(source) : source };
    });
    // A client needs nothing of its package.json but the version, for its user agent.
    onLoad({ filter: /@aws-sdk\/client-[a-z0-9-]+\/package\.json$/ }, async ({ path }) => {
      const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile(path, "utf8")));
      return { contents: JSON.stringify({ version }), loader: "json" };
    });
  },
};

/**
 * The schemas of operations have computed keys, `{ [_h]: … }`. esbuild must assume that evaluating a key has side effects,
 * so it keeps every operation with its input and output. This replaces the keys by their values.
 */
function withPlainKeys(source: string): string {
  const constants = source.matchAll(/^const (?<name>_\w+) = (?<text>"\w+");$/gm);
  const texts = new Map(Array.from(constants, ({ groups }) => [groups?.["name"], groups?.["text"]]));
  return source.replace(/\[(_\w+)\]:/g, (key, name) => `${texts.get(name) ?? key}:`);
}

/** Security Hub has a hundred types of resources. The auditor's findings use only the type `Other`. */
function withOtherResourcesAlone(source: string): string {
  const details = /(export var ResourceDetails\$ = \[3, n0, _RDe,\s*0,)[^;]*, 128 \| 0,[^;]*\];/;
  if (!details.test(source)) throw new Error("The schema of Security Hub's resources is not where it was.");
  return source.replace(details, '$1 ["Other"], [128 | 0]];');
}

/**
 * Every client has a class for each error of its service, 86 of them in CloudTrail. The auditor tells errors apart by their
 * names alone, which an error without a class has too. Only in the clients of SNS and STS the classes give the names:
 * `NotFoundException` is the code `NotFound` in a response of the AWS query protocol.
 */
function withoutErrorClasses(source: string, path: string): string {
  const registration = /^n0_registry\.registerError\(\w+\$, \w+\);$/gm;
  if (!registration.test(source)) throw new Error(`The errors are not registered as they were in ${path}.`);
  return source.replace(registration, "");
}

/**
 * Removes event streams, of which every client knows. No operation that the auditor calls has one, so clients need a place
 * in their configuration and nothing else. If they need another export of the module, the build fails.
 */
const noEventStreams: Plugin = {
  name: "no-event-streams",
  setup: ({ onLoad }) => {
    onLoad({ filter: /@smithy\/core\/dist-es\/submodules\/event-streams\/index\.js$/ }, () => ({
      contents: `
        export const resolveEventStreamSerdeConfig = (config) => config;
        export const eventStreamSerdeProvider = () => undefined;
        export const EventStreamSerde = undefined;`,
    }));
  },
};

/**
 * Removes zod's conversion of schemas to JSON Schema, which every schema refers to. Only `npm run generate` uses it, no
 * function.
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
 * Loads Node.js's own modules with `require`. An import reads all exports of a module, which for `node:http` loads an HTTP
 * client that nothing uses.
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
 * Keeps the names of the project's errors, which `serverless invoke local` prints. Keeping all names would cost 5% of the
 * zip's size and of the cold start.
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

/** Names a function's modules after the function, because Serverless selects the files of a zip by that name. */
const namedAfterFunction: Plugin = {
  name: "named-after-function",
  setup: ({ initialOptions }) => {
    const [entry] = Object.values(initialOptions.entryPoints ?? []);
    if (typeof entry === "string") initialOptions.chunkNames = `${parse(entry).name}.[name]-[hash]`;
  },
};

const plugins: readonly Plugin[] = [
  leanSdk,
  noEventStreams,
  leanZod,
  plainBuiltins,
  errorNames,
  namedAfterFunction,
];

// Serverless loads this file with `require`.
export { plugins as "module.exports" };
