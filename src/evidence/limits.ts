import { ALL_ACCOUNTS, ALL_REGIONS } from "../ecr/registry.ts";
import type { Evidence } from "../schemas/evidence.ts";

/** A number with its noun and verb: `1 report is`, `2 reports are`. */
const counted = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

/** The most registries that a sentence names. */
const mostNamed = 3;

/** `payments-dev (444455556666) in us-east-1, in 89 audits (denied-by-scp); …` */
function mostOften(unread: Evidence["unread"]): string {
  const named = unread.slice(0, mostNamed).map(({ account, accountName, regions, audits, reasons }) => {
    const name = accountName === null ? account : `${accountName} (${account})`;
    const who = account === ALL_ACCOUNTS ? "accounts that could not be listed" : name;
    const where = regions.includes(ALL_REGIONS) ? "all regions" : regions.join(", ");
    return `${who} in ${where}, in ${counted(audits, "audit", "audits")} (${reasons.join(", ")})`;
  });
  return named.join("; ");
}

/** What the evidence of a period does not show, in sentences. Pure. */
export function limitsOf(evidence: Omit<Evidence, "limits">): readonly string[] {
  const { nights, audits, unread, verification, policies, deliveries, findings, from } = evidence;
  const gaps = audits.filter(
    ({ scope, partial, unreachable }) => scope === "whole" && partial + unreachable > 0,
  );
  const before = findings.filter(({ opened }) => opened.slice(0, from.length) < from).length;
  const told = new Set(deliveries.map(({ auditId }) => auditId));
  const silent = audits.filter(({ auditId }) => !told.has(auditId)).length;
  const unknown = audits.filter(({ scope }) => scope === "not-known").length;
  const noPolicy = policies.filter(({ changes }) => changes === null).length;
  const sentences: readonly (readonly [isSo: boolean, sentence: string])[] = [
    [true, "A violation that began and ended between two audits is not seen by either."],
    [
      nights.missing.length > 0,
      `On ${nights.missing.length} of ${nights.days} days no audit of the whole scope is stored.`,
    ],
    [
      gaps.length > 0,
      `In ${counted(gaps.length, "audit", "audits")} some registries could not be read in full, most often ${mostOften(unread)}. What was in them then is not known. ${
        unread.length > mostNamed
          ? 'The table "Registries that could not be read in full" names all of them.'
          : ""
      }`.trimEnd(),
    ],
    [
      unknown > 0,
      `Of ${counted(unknown, "audit", "audits")} it is not recorded whether the whole scope was covered.`,
    ],
    [
      verification.problems.length > 0,
      `${counted(verification.problems.length, "stored file is", "stored files are")} missing, altered or out of order. What an altered report says is not reliable, and a report that cannot be parsed is left out.`,
    ],
    [
      verification.beforeChain.length > 0,
      `${counted(verification.beforeChain.length, "report is", "reports are")} older than the chain, which vouches only for what is newer.`,
    ],
    [
      verification.unnamed.length > 0,
      `${counted(verification.unnamed.length, "report is", "reports are")} named by no other file, so nothing would show an alteration.`,
    ],
    [
      verification.cutOff.length > 0,
      `${counted(verification.cutOff.length, "report is", "reports are")} named by no unaltered file, so nothing would show an alteration of them or of the reports before them that only they name.`,
    ],
    [before > 0, `${counted(before, "finding was", "findings were")} first seen before the period.`],
    [
      noPolicy > 0,
      `${counted(noPolicy, "change", "changes")} of the policy cannot be shown, because a policy file is not stored.`,
    ],
    [
      silent > 0,
      `Of ${counted(silent, "audit", "audits")} no delivery is recorded: nothing was due, or it was not recorded.`,
    ],
  ];
  return sentences.filter(([isSo]) => isSo).map(([, sentence]) => sentence);
}
