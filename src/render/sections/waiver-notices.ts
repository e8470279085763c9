import type { Report, WaiverNotice } from "../../model/report.ts";
import { type Page, type Paragraph, prose, type Section } from "../page.ts";
import { nameText } from "../places.ts";
import { waiverWords } from "./waiver-words.ts";

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
