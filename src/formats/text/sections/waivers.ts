import { groupsOf } from "../../../render/group.ts";
import { locationsOf, nameText } from "../../../render/locations.ts";
import { type Page, type Paragraph, prose, type Section } from "../../../render/page.ts";
import { counted } from "../../../render/words.ts";
import type { Finding } from "../../../schemas/finding.ts";
import type { Report, WaiverNotice } from "../../../schemas/report.ts";
import { locationLines } from "./location-lines.ts";
import { waiverWords } from "./waiver-words.ts";

/** Lists waived findings, a short paragraph for each waiver; `null` for none. */
export function waivedSection({ findings }: Report, page: Page): Section | null {
  const waived = findings.filter(({ status }) => status === "WAIVED");
  if (waived.length === 0) return null;
  return {
    heading: `WAIVED: ${counted(waived.length, "finding")}`,
    paragraphs: groupsOf(waived, ({ check, waiver }) => JSON.stringify([check, waiver])).map((group) =>
      waivedParagraph(group, page),
    ),
    unit: "finding",
  };
}

function waivedParagraph(findings: readonly [Finding, ...Finding[]], page: Page): Paragraph {
  const [{ check, waiver }] = findings;
  const by = waiver === null ? "" : `, ${waiverWords(waiver)}`;
  const locations = locationsOf(findings, { marked: false });
  return {
    lines: [
      ...prose(`${nameText(check)}, ${counted(findings.length, "finding")}${by}`, 2, page),
      ...locationLines(locations, { one: "finding", many: "findings" }, page),
    ],
    count: findings.length,
  };
}

/** Lists the waivers that need a review; `null` for none. */
export function waiverNoticesSection({ waivers }: Report, page: Page): Section | null {
  const { expired, expiring, unused } = waivers;
  if (expired.length + expiring.length + unused.length === 0) return null;
  return {
    heading: "WAIVERS TO REVIEW",
    paragraphs: [
      ...notices("Expired, no longer in effect", expired, page),
      ...notices("Expiring within 14 days", expiring, page),
      ...notices("Unused, matching no finding", unused, page),
    ],
    unit: "waiver",
  };
}

function notices(title: string, waivers: readonly WaiverNotice[], page: Page): Paragraph[] {
  if (waivers.length === 0) return [];
  const lines = waivers.flatMap((waiver) =>
    prose(`${nameText(waiver.check)}, ${waiverWords(waiver)}`, 4, page),
  );
  return [{ lines: [`  ${title}:`, ...lines], count: waivers.length }];
}
