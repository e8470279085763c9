import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";

/** Values by the names of parameters. */
type Values = Readonly<Record<string, unknown>>;

const valuesSchema = z.record(z.string(), z.unknown());
const stagesSchema = z.record(z.string(), valuesSchema.nullable());

/**
 * Returns the parameters as Serverless takes them, by stage: the defaults of params.yml under `default`, and over them the
 * installation's own values from installation.yml, where there is such a file.
 *
 * @param folder where both files are
 * @throws Error that lists every name in installation.yml that is no parameter
 */
function installationParameters(folder: string): Readonly<Record<string, Values>> {
  const defaults = z
    .strictObject({ default: valuesSchema })
    .parse(parse(readFileSync(join(folder, "params.yml"), "utf8"))).default;
  const own = ownValues(join(folder, "installation.yml"));
  const unknown = Object.entries(own).flatMap(([stage, values]) =>
    Object.keys(values ?? {}).flatMap((name) => (name in defaults ? [] : `${stage}.${name}`)),
  );
  if (unknown.length > 0) {
    throw new Error(
      `serverless/installation.yml has what is no parameter: ${unknown.join(", ")}. ` +
        "serverless/params.yml lists the parameters.",
    );
  }
  const stages = Object.entries(own).map(([stage, values]) => [stage, values ?? {}]);
  return { ...Object.fromEntries(stages), default: { ...defaults, ...own["default"] } };
}

function ownValues(file: string): Readonly<Record<string, Values | null>> {
  if (!existsSync(file)) return {};
  const parsed = stagesSchema.safeParse(parse(readFileSync(file, "utf8")) ?? {});
  if (parsed.success) return parsed.data;
  throw new Error(
    "serverless/installation.yml must have a stage's name, and below it the stage's parameters, " +
      "as serverless/installation.example.yml shows.",
  );
}

/** What Serverless calls. */
const forServerless = () => installationParameters(import.meta.dirname);

// Serverless loads this file with `require`.
export { forServerless as "module.exports", installationParameters };
