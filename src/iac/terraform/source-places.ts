import { dirname, join, normalize } from "node:path/posix";
import type { DeclaredRule } from "../declared-rule.ts";
import { waiversInPlace } from "../waivers-in-place.ts";
import { stepsOf } from "./configuration.ts";
import { blocksIn, type HclBlock } from "./hcl.ts";

/** Files of HCL by their paths, and the folder of the root module. */
export type SourceFolder = { readonly root: string; readonly files: ReadonlyMap<string, string> };

type Placed = { readonly file: string; readonly block: HclBlock };

/**
 * Finds the block of HCL of each rule of a plan, through modules whose source is a folder. A rule gets its place and the
 * waivers in the comments of its block.
 *
 * @throws ConfigurationError if such a comment is malformed
 */
export function placesIn({ root, files }: SourceFolder): (rule: DeclaredRule) => DeclaredRule {
  const byFolder = Map.groupBy(
    Array.from(files).flatMap(([file, text]) => blocksIn(text).map((block) => ({ file, block }))),
    ({ file }) => normalize(dirname(file)),
  );
  const found = new Map<string, Placed | null>();
  const find = (address: string): Placed | null => {
    const { modules, rest } = stepsOf(address);
    const folder = modules.reduce<string | null>(
      (at, name) => folderOf(at, name),
      normalize(join(root, ".")),
    );
    const [type = "", name = ""] = rest.split(".");
    return placedIn(folder, (header) => header.join(".") === `resource.${type}.${name}`);
  };
  const placedIn = (folder: string | null, matches: (header: readonly string[]) => boolean): Placed | null =>
    (folder === null ? [] : (byFolder.get(withoutEnd(folder)) ?? [])).find(({ block }) =>
      matches(block.header),
    ) ?? null;
  const folderOf = (at: string | null, name: string): string | null => {
    const call = placedIn(at, (header) => header.join(".") === `module.${name}`);
    const source = /^\s*source\s*=\s*"(\.{1,2}\/[^"]*)"/m.exec(call?.block.text ?? "")?.[1];
    return at === null || source === undefined ? null : join(at, source);
  };
  return (rule) => {
    // A plan after the first of a file, and a rule in a template, have more in their addresses.
    const address = rule.address.replace(/^#\d+\//, "").replace(/\/[A-Za-z0-9]+$/, "");
    const placed = found.get(address) ?? find(address);
    found.set(address, placed);
    if (placed === null) return rule;
    const waivers = placed.block.comments.flatMap(({ text, line }) =>
      waiversIn(text, `${placed.file}:${line}`),
    );
    return {
      ...rule,
      source: { file: placed.file, line: placed.block.line },
      waivers: [...rule.waivers, ...waivers],
    };
  };
}

function withoutEnd(folder: string): string {
  return folder.length > 1 ? folder.replace(/\/$/, "") : folder;
}

/** A comment such as `pull-through-auditor:waive check="…" reason="…" owner="…" expires="2027-01-31"`. */
function waiversIn(comment: string, where: string): DeclaredRule["waivers"] {
  const given = /^pull-through-auditor:waive\b(.*)$/.exec(comment)?.[1];
  if (given === undefined) return [];
  const pairs = Array.from(
    given.matchAll(/([\w-]+)=(?:"([^"]*)"|(\S+))/g),
    ([, key = "", quoted, bare = ""]) => [key, quoted ?? bare],
  );
  return waiversInPlace({ waivers: [Object.fromEntries(pairs)] }, where, where);
}
