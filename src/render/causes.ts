import { causeKey } from "../schemas/count-findings.ts";
import type { Cause, Finding, Owner } from "../schemas/finding.ts";
import { cutToCharacters } from "./escape/cut.ts";
import { inlineText } from "./escape/inline.ts";
import { counted, grouped, listed } from "./words.ts";

const LONGEST_SUBJECT = 300;
const LONGEST_OWNER = 80;
const MOST_OWNERS = 3;
const MOST_CAUSES = 3;

/** What a cause is called, at the start of a line. */
const causeNames = {
  rule: "Rule",
  registry: "Registry",
  template: "Repository creation templates",
  "scanning-configuration": "Scanning configuration",
  secret: "Secret",
  "registry-policy": "Registry policy",
  upstream: "Upstream",
  prefix: "Prefix",
  role: "Role of rule",
  account: "Account",
  permission: "Permission",
} as const satisfies Record<Cause["kind"], string>;

/** Names a cause as inline text: `Scanning configuration, 111122223333 eu-west-1`. */
export function causeText({ kind, subject }: Cause): string {
  return `${causeNames[kind]}, ${inlineText(cutToCharacters(subject, LONGEST_SUBJECT))}`;
}

/** Names an owner as inline text: `team-payments (payments@example.com)`. */
export function ownerText({ name, contact }: Owner): string {
  const named = inlineText(cutToCharacters(name, LONGEST_OWNER));
  return contact === null ? named : `${named} (${inlineText(cutToCharacters(contact, LONGEST_OWNER))})`;
}

/** Returns the causes that more than one of `findings` has, those with the most findings first. */
export function sharedCauses(
  findings: readonly Finding[],
): readonly { readonly cause: Cause; readonly findings: number }[] {
  const known = Map.groupBy(findings, causeKey);
  return [...known.values()]
    .flatMap((alike) => {
      const cause = alike[0]?.cause ?? null;
      return cause === null || alike.length < 2 ? [] : [{ cause, findings: alike.length }];
    })
    .sort((one, other) => other.findings - one.findings);
}

/** Describes the causes that several findings share, one line each: `Secret, arn:… (5 findings)`. */
export function sharedCauseTexts(findings: readonly Finding[]): readonly string[] {
  const shared = sharedCauses(findings);
  const lines = shared
    .slice(0, MOST_CAUSES)
    .map(({ cause, findings: count }) => `${causeText(cause)} (${counted(count, "finding")})`);
  const left = shared.length - lines.length;
  return left > 0 ? [...lines, `and ${counted(left, "more cause")}`] : lines;
}

/** The owners of findings, each once, in the order of the findings. */
function ownersOf(findings: readonly Finding[]): readonly Owner[] {
  const known = new Map(findings.flatMap(({ owner }) => (owner === null ? [] : [[ownerText(owner), owner]])));
  return [...known.values()];
}

/** Names the owners of findings: `team-a (a@example.com), team-b`; `null` if they have none. */
export function ownersText(findings: readonly Finding[]): string | null {
  const names = ownersOf(findings).map(ownerText);
  if (names.length === 0) return null;
  const unowned = findings.filter(({ owner }) => owner === null).length;
  const rest = unowned === 0 ? "" : `; nobody for ${grouped(unowned)}`;
  return `${listed(names, MOST_OWNERS)}${rest}`;
}

/** Whether findings belong to different owners, or only some of them to one. */
export function differInOwner(findings: readonly Finding[]): boolean {
  const [first] = findings;
  return findings.some(({ owner }) => owner?.name !== first?.owner?.name);
}

/** Counts findings and their causes: `6 findings`, or `6 findings from 2 causes` if there are fewer causes. */
export function findingsAndCauses(findings: readonly Finding[]): string {
  return `${counted(findings.length, "finding")}${fromCauses(findings)}`;
}

/** Counts the causes of findings: ` from 2 causes`; empty if each finding has its own. */
export function fromCauses(findings: readonly Finding[]): string {
  const causes = new Set(findings.map(causeKey)).size;
  return causes === findings.length ? "" : ` from ${counted(causes, "cause")}`;
}
