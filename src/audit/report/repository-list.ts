import { type RepositoryRow, repositoryRows } from "../../checks/cached-repositories/rows.ts";
import { inlineText } from "../../core/inline-text.ts";
import { compareValues } from "../../core/order.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import type { Policy } from "../../policy/schema.ts";
import type { RenderedFile } from "../ports.ts";

/** The most rows of the file, so that an audit's memory does not grow with the number of repositories. */
const mostRows = 50_000;

const columns = [
  "account",
  "region",
  "prefix",
  "repository",
  "createdAt",
  "problems",
  "images",
  "bytes",
] as const satisfies readonly (keyof RepositoryRow)[];

/** Lists the repositories that findings count, while registries are evaluated one by one. */
export type RepositoryList = {
  readonly add: (registry: RegistrySnapshot, policy: Policy) => void;
  /** The file with all of them; none if no repository was looked at. */
  readonly files: () => readonly RenderedFile[];
};

/** Opens an empty list. */
export function openRepositoryList(most = mostRows): RepositoryList {
  const lines: string[] = [];
  let wasLookedAt = false;
  let leftOut = 0;
  return {
    add: (registry, policy) => {
      wasLookedAt ||= registry.cachedRepositories.state === "present";
      for (const row of repositoryRows(registry, policy)) {
        if (lines.length < most) lines.push(lineOf(row));
        else leftOut += 1;
      }
    },
    files: () => {
      if (!wasLookedAt) return [];
      const last = leftOut === 0 ? [] : [`"${leftOut} more were left out of this file"`];
      // Registries are evaluated in the order in which they answer.
      const text = [columns.join(","), ...lines.toSorted(compareValues), ...last, ""].join("\r\n");
      return [{ name: "cached-repositories.csv", contentType: "text/csv; charset=utf-8", text }];
    },
  };
}

function lineOf(row: RepositoryRow): string {
  return columns.map((column) => cell(row[column])).join(",");
}

/** A quoted cell (RFC 4180) of one line. What a spreadsheet would take for a formula starts with an apostrophe. */
function cell(value: RepositoryRow[keyof RepositoryRow]): string {
  const text = inlineText(Array.isArray(value) ? value.join(" ") : String(value ?? ""));
  const safe = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
