import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What IAM calls the services whose clients in the SDK are called otherwise. */
const servicePrefixes: Readonly<Record<string, string>> = {
  eventbridge: "events",
  "secrets-manager": "secretsmanager",
};

/**
 * The API operations that a function's bundle can call, as IAM writes them, such as `ecr:GetRegistryPolicy`: those whose
 * commands the bundler keeps, from all modules that the function loads or may load. One module of the SDK holds one
 * command, and none of them calls another's.
 */
export async function awsCallsOf(entry: string): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    mainFields: ["module", "main"],
    external: ["@aws-sdk/credential-provider-*", "bowser"],
    outdir: "nowhere",
    write: false,
    metafile: true,
  });
  const modules = [...outputsOf(metafile, entry)].flatMap((output) =>
    Object.entries(metafile.outputs[output]?.inputs ?? {}).flatMap(([module, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [module] : [],
    ),
  );
  return new Set(modules.flatMap(operationIn));
}

/** The entry's own output, and all that it imports, at once or when it is needed. */
function outputsOf({ outputs }: Metafile, entry: string): ReadonlySet<string> {
  const reached = new Set(Object.keys(outputs).filter((name) => outputs[name]?.entryPoint === entry));
  for (const name of reached) {
    for (const { path } of outputs[name]?.imports ?? []) if (path in outputs) reached.add(path);
  }
  return reached;
}

function operationIn(module: string): readonly string[] {
  const { client = "", operation } =
    /@aws-sdk\/client-(?<client>[a-z0-9-]+)\/dist-es\/commands\/(?<operation>\w+)Command\.js$/.exec(module)
      ?.groups ?? {};
  return operation === undefined ? [] : [`${servicePrefixes[client] ?? client}:${operation}`];
}
