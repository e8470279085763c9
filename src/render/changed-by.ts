import type { ChangedBy, Finding } from "../schemas/finding.ts";
import { cutToCharacters } from "./escape/cut.ts";
import { inlineText } from "./escape/inline.ts";
import { listed } from "./words.ts";

const LONGEST_PART = 200;
const MOST_NAMES = 3;

/** Names who made a change, as inline text: `arn:aws:iam::…:role/deploy (session alice) from 203.0.113.7`; `unknown` for `null`. */
export function changedByText(by: ChangedBy | null): string {
  if (by === null) return "unknown";
  const session = by.sessionName === null ? "" : ` (session ${part(by.sessionName)})`;
  const from = by.sourceIp === null ? "" : ` from ${part(by.sourceIp)}`;
  return `${part(by.arn)}${session}${from} at ${part(by.at)}`;
}

/** Names who made the changes that findings are about, each once; `null` if nobody is known. */
export function changersText(findings: readonly Pick<Finding, "changedBy">[]): string | null {
  const names = findings.flatMap(({ changedBy }) => (changedBy === null ? [] : [changedByText(changedBy)]));
  return names.length === 0 ? null : listed([...new Set(names)], MOST_NAMES);
}

function part(text: string): string {
  return inlineText(cutToCharacters(text, LONGEST_PART));
}
