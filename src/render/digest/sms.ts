import type { Finding } from "../../model/finding.ts";
import type { Report } from "../../model/report.ts";
import { byAttention } from "../attention.ts";
import { byteLength, cutToBytes } from "../escape/cut.ts";
import { nameText } from "../places.ts";
import { isNews, tellsNewFromOld } from "../tally.ts";
import { headline } from "./headline.ts";
import { rankedFindings } from "./rank.ts";

/** One SMS holds 140 bytes (developer guide of Amazon SNS, "Publishing SMS messages", November 2026). */
const SMS_BYTES = 140;

/** The digest as one SMS: the outcome, and where the worst finding is as far as there is room. */
export function smsLine(report: Report): string {
  const line = headline(report);
  const { news, reminded, known } = byAttention(report.findings);
  const [worst] = [...rankedFindings(news), ...rankedFindings([...reminded, ...known])];
  const label = worst !== undefined && isNews(worst) && tellsNewFromOld(report.findings) ? "New" : "Worst";
  const candidates =
    worst === undefined
      ? []
      : [
          `${line}. ${label}: ${nameText(worst.check)}, ${placeOf(worst)}`,
          `${line}. ${label}: ${placeOf(worst)}`,
        ];
  return candidates.find((text) => byteLength(text) <= SMS_BYTES) ?? cutToBytes(line, SMS_BYTES);
}

function placeOf({ account, region, prefix }: Finding): string {
  return [account, region, prefix]
    .filter((name) => name !== null)
    .map(nameText)
    .join(" ");
}
