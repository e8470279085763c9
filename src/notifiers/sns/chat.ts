import { byteLength, cutToBytes } from "../../core/bytes.ts";
import { reasonAdvice } from "../../facts/reason-advice.ts";
import { reportAccess } from "../../render/addresses.ts";
import { repositoriesArn } from "../../render/arn.ts";
import { byAttention } from "../../render/attention.ts";
import { findingsAndCauses, ownersText } from "../../render/causes.ts";
import { changersText } from "../../render/changed-by.ts";
import { distinguishesNew } from "../../render/counts.ts";
import { cutToCharacters, fitting } from "../../render/escape/cut.ts";
import { inlineText } from "../../render/escape/inline.ts";
import { safeJson } from "../../render/escape/json.ts";
import { cutMarkdown, markdownText, ownMarkdown } from "../../render/escape/markdown.ts";
import { flappingText } from "../../render/flapping.ts";
import { gapReasons, groupFindings, groupKinds, type Problem } from "../../render/group.ts";
import { accountsOf, byAccount, locationsOf } from "../../render/locations.ts";
import { remediationWithin } from "../../render/steps.ts";
import { notAskedText, repositoriesText, unseenRegistries, verdictOf } from "../../render/verdict.ts";
import { counted, type DeliveryOptions, grouped, listed, pageLocation } from "../../render/words.ts";
import type { Report } from "../../schemas/report.ts";
import { headline, PRODUCT, rankedFindings } from "./headline.ts";

const MOST_LOCATIONS = 5;
const MOST_ACCOUNTS = 3;
const LONGEST_TEXT = 300;
const LONGEST_LINE_BYTES = 600;

/** Reserved for the line that counts what was cut. */
const CUT_NOTE_BYTES = 80;

/** One problem as lines of Markdown, and its number of findings. */
type Block = { readonly text: string; readonly count: number };

/**
 * Renders the text for a chat channel in at most `bytes` bytes: the verdict, then new, resolved and still failing problems,
 * each worst first, then coverage gaps and the location of the full report.
 */
function chatDescription(report: Report, { reportLocation }: DeliveryOptions, bytes: number): string {
  const marked = distinguishesNew(report.findings);
  const { news, resolved, reminded, known } = byAttention(report.findings);
  const failing = (problem: Problem) => problemBlock(problem.severity, problem, marked);
  const blocks = [
    ...groupKinds(news).map(failing),
    ...groupKinds(resolved).map((problem) => problemBlock("resolved", problem, false)),
    ...groupKinds(reminded).map(failing),
    ...headed("Still failing since earlier audits:", groupKinds(known).map(failing)),
  ];
  const verdict = ownMarkdown(verdictOf(report));
  const notAsked = notAskedText(report.summary);
  const notAskedLine = notAsked === null ? null : `Not asked for by the policy: ${shortMarkdown(notAsked)}`;
  const ending = [
    gapLines(report),
    unreadLine(report),
    notAskedLine,
    locationLine(report, reportLocation),
  ].filter((line) => line !== null);
  const room = bytes - byteLength([verdict, ...ending].join("\n\n")) - CUT_NOTE_BYTES;
  const shown = fitting(blocks, room, ({ text }) => byteLength(`\n\n${text}`));
  return [verdict, ...shown.map(({ text }) => text), ...cutNote(blocks, shown), ...ending].join("\n\n");
}

function problemBlock(label: string, problem: Problem, marked: boolean): Block {
  const { title, check, findings, sameCauseAs } = problem;
  const owners = ownersText(findings);
  const changers = changersText(findings);
  const accounts = byAccount(locationsOf(findings, { marked }));
  const left = accounts.length - MOST_LOCATIONS;
  const locations = accounts
    .slice(0, MOST_LOCATIONS)
    .map(({ account, where }) => `\u2022 ${markdownText(`${account} ${where.join("; ")}`)}`);
  const lines = [
    `*${label.toUpperCase()}* ${shortMarkdown(title)} (${shortMarkdown(check)}): ${findingsAndCauses(findings)}${flappingText(findings)}`,
    ...(owners === null ? [] : [`Owner: ${markdownText(owners)}`]),
    ...(changers === null ? [] : [`Changed by: ${markdownText(changers)}`]),
    ...(sameCauseAs === null ? [] : [`Same cause as: ${shortMarkdown(sameCauseAs)}`]),
    ...locations,
    ...(left > 0 ? [`\u2022 and ${counted(left, "more account")}`] : []),
  ];
  return {
    text: lines.map((line) => cutMarkdown(line, LONGEST_LINE_BYTES)).join("\n"),
    count: findings.length,
  };
}

function headed(heading: string, [first, ...rest]: readonly Block[]): readonly Block[] {
  return first === undefined ? [] : [{ ...first, text: `${heading}\n\n${first.text}` }, ...rest];
}

function cutNote(blocks: readonly Block[], shown: readonly Block[]): string[] {
  const missing = countOf(blocks) - countOf(shown);
  return missing > 0 ? [`${counted(missing, "more finding")} did not fit here.`] : [];
}

function countOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { count }) => sum + count, 0);
}

function gapLines({ coverage }: Report): string | null {
  if (coverage.gaps.length === 0) return null;
  const uncovered = `${grouped(unseenRegistries(coverage))} of ${counted(coverage.planned, "registry", "registries")}`;
  const lines = gapReasons(coverage.gaps).map(({ reason, gaps }) => {
    const accounts = accountsOf(coverage.gaps.filter((gap) => gap.reason === reason));
    return `\u2022 ${reasonAdvice[reason].title} (${grouped(gaps)}): ${markdownText(listed(accounts, MOST_ACCOUNTS))}`;
  });
  return [`Not fully covered: ${uncovered}`, ...lines].join("\n");
}

/** Says that the budget left cached repositories to later audits. */
function unreadLine({ coverage }: Report): string | null {
  const { lookedAt = 0, existing = 0 } = coverage.repositories ?? {};
  return lookedAt < existing ? repositoriesText(coverage) : null;
}

function locationLine(report: Report, location: string | null): string | null {
  if (location === null) return null;
  const address = reportAccess(report, location).url ?? pageLocation(location);
  return `Full report: ${ownMarkdown(cutToCharacters(address, LONGEST_TEXT))}`;
}

function shortMarkdown(text: string): string {
  return markdownText(cutToCharacters(text, LONGEST_TEXT));
}

/**
 * The limits of a custom notification. AWS gives them in characters; they are applied in bytes, to be safe.
 *
 * Source: Amazon Q Developer in chat applications, administrator guide, "Custom notifications", November 2026.
 */
const limits = { title: 250, description: 8000, nextStep: 350, keyword: 75 } as const;

// AWS documents no limits for these; they are kept short to be readable.
const MOST_NEXT_STEPS = 5;
const MOST_KEYWORDS = 10;
const MOST_RESOURCES = 10;
const LONGEST_CONTEXT_BYTES = 500;

/**
 * Renders the digest as a custom notification for Amazon Q Developer in chat applications (Slack, Microsoft Teams), which
 * receives it from SNS as `https`. The audits of one policy share one thread.
 */
export function chatNotification(report: Report, options: DeliveryOptions): string {
  const title = cutMarkdown(headline(report), limits.title);
  const { news, reminded, known } = byAttention(report.findings);
  const current = [...news, ...reminded];
  const failing = groupFindings(current.length > 0 ? current : known);
  return safeJson({
    version: "1.0",
    source: "custom",
    content: {
      textType: "client-markdown",
      title,
      description: chatDescription(report, options, limits.description),
      nextSteps: nextSteps(failing),
      keywords: keywords(report, failing),
    },
    metadata: {
      threadId: contextText(`${PRODUCT} ${report.policy.name}`),
      summary: title,
      eventType: `${PRODUCT}/audit`,
      relatedResources: relatedResources(report),
      additionalContext: {
        auditId: contextText(report.auditId),
        status: report.status,
        report: contextText(options.reportLocation ?? "not stored"),
      },
    },
  });
}

/** Returns the remediations of the first problems. */
function nextSteps(failing: readonly Problem[]): string[] {
  const steps = failing.map(({ title, remediation, steps }) => {
    const fix = remediationWithin({ remediation, steps }, limits.nextStep - byteLength(`${title}: `));
    return within(`${title}: ${fix ?? remediation}`, limits.nextStep);
  });
  return [...new Set(steps)].slice(0, MOST_NEXT_STEPS);
}

function keywords({ status }: Report, failing: readonly Problem[]): string[] {
  const words = [
    status,
    ...failing.flatMap(({ severity, check }) => [severity, within(check, limits.keyword)]),
  ];
  return [...new Set(words)].slice(0, MOST_KEYWORDS);
}

function relatedResources({ findings }: Report): string[] {
  return [...new Set(rankedFindings(findings).map(repositoriesArn))].slice(0, MOST_RESOURCES);
}

function within(text: string, bytes: number): string {
  return cutMarkdown(markdownText(cutToCharacters(text, bytes)), bytes);
}

function contextText(text: string): string {
  return cutToBytes(inlineText(text), LONGEST_CONTEXT_BYTES);
}
