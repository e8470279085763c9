import type { Report } from "../../model/report.ts";
import { repositoriesArn } from "../arn.ts";
import { byAttention } from "../attention.ts";
import type { DeliveryOptions } from "../delivery.ts";
import { cutToBytes, cutToCharacters } from "../escape/cut.ts";
import { inlineText } from "../escape/inline.ts";
import { safeJson } from "../escape/json.ts";
import { cutMarkdown, markdownText } from "../escape/markdown.ts";
import { groupFindings, type Problem } from "../group.ts";
import { chatDescription } from "./chat-description.ts";
import { headline, PRODUCT } from "./headline.ts";
import { rankedFindings } from "./rank.ts";

/**
 * The limits of a custom notification, which are given in characters and kept here in bytes, to be safe.
 *
 * Source: Amazon Q Developer in chat applications, administrator guide, "Custom notifications", November 2026.
 */
const limits = { title: 250, description: 8000, nextStep: 350, keyword: 75 } as const;

// No limits are documented for these: they are kept as short as people would write them.
const MOST_NEXT_STEPS = 5;
const MOST_KEYWORDS = 10;
const MOST_RESOURCES = 10;
const LONGEST_CONTEXT_BYTES = 500;

/**
 * The digest as a custom notification of Amazon Q Developer in chat applications (Slack, Microsoft Teams),
 * which receives it from SNS as `https`. One policy's audits share one thread.
 */
export function chatNotification(report: Report, options: DeliveryOptions): string {
  const title = cutMarkdown(headline(report), limits.title);
  const { news, reminded, known } = byAttention(report.findings);
  const told = [...news, ...reminded];
  const failing = groupFindings(told.length > 0 ? told : known);
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

/** What mends the first of what is told; of what was told before only where there is nothing else. */
function nextSteps(failing: readonly Problem[]): string[] {
  const steps = failing.map(({ title, remediation }) => within(`${title}: ${remediation}`, limits.nextStep));
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
