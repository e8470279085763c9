import { byteLength, cutToBytes } from "../../core/bytes.ts";
import { byAttention } from "../../render/attention.ts";
import { distinguishesNew, isNews } from "../../render/counts.ts";
import { nameText } from "../../render/locations.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { Report } from "../../schemas/report.ts";
import { headline, rankedFindings } from "./headline.ts";

/** One SMS holds 140 bytes (developer guide of Amazon SNS, "Publishing SMS messages", November 2026). */
const SMS_BYTES = 140;

/** Renders the digest as one SMS: the outcome and, if there is room, the location of the worst finding. */
export function smsLine(report: Report): string {
  const line = headline(report);
  const { news, reminded, known } = byAttention(report.findings);
  const [worst] = [...rankedFindings(news), ...rankedFindings([...reminded, ...known])];
  const label = worst !== undefined && isNews(worst) && distinguishesNew(report.findings) ? "New" : "Worst";
  const candidates =
    worst === undefined
      ? []
      : [
          `${line}. ${label}: ${nameText(worst.check)}, ${locationOf(worst)}`,
          `${line}. ${label}: ${locationOf(worst)}`,
        ];
  return candidates.find((text) => byteLength(text) <= SMS_BYTES) ?? cutToBytes(line, SMS_BYTES);
}

function locationOf({ account, region, prefix }: Finding): string {
  return [account, region, prefix]
    .filter((name) => name !== null)
    .map(nameText)
    .join(" ");
}
