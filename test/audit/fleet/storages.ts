import type { FleetStorage } from "../../../src/audit/fleet/fleet-files.ts";

/** A storage in memory, with its files by path. */
export function aFleetStorage(files: Readonly<Record<string, unknown>> = {}): FleetStorage & {
  readonly texts: Map<string, string>;
} {
  const texts = new Map(Object.entries(files).map(([path, value]) => [path, textOf(value)]));
  return {
    texts,
    name: "s3://audits/nightly",
    locate: (path) => `s3://audits/nightly/${path}`,
    addressOf: (path) => ({ bucket: "audits", key: `nightly/${path}` }),
    read: async (path) => {
      const text = texts.get(path);
      return text === undefined ? null : { text, version: "1" };
    },
    write: async (path, text) => {
      texts.set(path, text);
    },
    replace: async () => {
      throw new Error("no work is written only on a condition");
    },
    list: async function* (folder) {
      yield* [...texts.keys()].filter((path) => path.startsWith(`${folder}/`));
    },
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
