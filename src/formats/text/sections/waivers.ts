import { groupsOf } from "../../../render/group.ts";
import { type Page, type Paragraph, prose, type Section } from "../../../render/page.ts";
import { locationOfFinding, nameText } from "../../../render/places.ts";
import { counted } from "../../../render/words.ts";
import type { Finding } from "../../../schemas/finding.ts";
import type { Report, WaiverNotice } from "../../../schemas/report.ts";
import { locationLines } from "./place-lines.ts";
import { waiverWords } from "./waiver-words.ts";

/** What is waived, a short paragraph for each waiver; `null` when nothing is. */
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
  const locations = findings.map((finding) => locationOfFinding(finding, false));
  return {
    lines: [
      ...prose(`${nameText(check)}, ${counted(findings.length, "finding")}${by}`, 2, page),
      ...locationLines(locations, { one: "finding", many: "findings" }, page),
    ],
    count: findings.length,
  };
}

/** Waivers that somebody must look at; `null` when there are none. */
export function waiverNoticesSection({ waivers }: Report, page: Page): Section | null {
  const { expired, expiring, unused } = waivers;
  if (expired.length + expiring.length + unused.length === 0) return null;
  return {
    heading: "WAIVERS TO LOOK AT",
    paragraphs: [
      ...notices("Expired, and waiving nothing any more", expired, page),
      ...notices("Expiring within 14 days", expiring, page),
      ...notices("Matching nothing", unused, page),
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
