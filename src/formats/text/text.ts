import { pageOf, prose, type Section, sectionText } from "../../render/page.ts";
import { verdictOf } from "../../render/verdict.ts";
import type { Report } from "../../schemas/report.ts";
import { driftSection } from "./sections/drift.ts";
import { failingSection } from "./sections/failing.ts";
import { gapsSection } from "./sections/gaps.ts";
import { heatMapSection } from "./sections/heat-map.ts";
import { overview } from "./sections/overview.ts";
import { resolvedSection } from "./sections/resolved.ts";
import { unknownSection } from "./sections/unknown.ts";
import { waivedSection, waiverNoticesSection } from "./sections/waivers.ts";

/** The layout of the text: `width` in columns, limited to 40 to 120. */
export type TextOptions = { readonly color: boolean; readonly width: number };

/**
 * Renders the report for a terminal: coverage, gaps, then what fails and how to fix it, one paragraph for each problem
 * and the worst first. The last line is the verdict. Collected text is made harmless.
 */
export function renderText(report: Report, { color, width }: TextOptions): string {
  const page = pageOf(width, color);
  const sections = [
    heatMapSection(report, page),
    gapsSection(report, page),
    failingSection(report, page),
    unknownSection(report, page),
    resolvedSection(report, page),
    driftSection(report, page),
    waivedSection(report, page),
    waiverNoticesSection(report, page),
  ].filter((section): section is Section => section !== null);
  const verdict = prose(verdictOf(report), 0, page).map(page.paint.bold).join("\n");
  const body = sections.map((section) => sectionText(section, page));
  return `${[overview("PULL THROUGH CACHE AUDIT", report, page), ...body, verdict].join("\n\n\n")}\n`;
}
