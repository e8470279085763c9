import type { Report } from "../../src/model/report.ts";
import { renderAsff, renderAsffFile } from "../../src/render/asff.ts";
import { renderCsv } from "../../src/render/csv.ts";
import { machineDigestSchema } from "../../src/render/digest/machine-schema.ts";
import { renderDigest } from "../../src/render/digest.ts";
import { renderEvents } from "../../src/render/events.ts";
import { renderHtml } from "../../src/render/html.ts";
import { renderJson } from "../../src/render/json.ts";
import { renderJunit } from "../../src/render/junit.ts";
import { renderMarkdown } from "../../src/render/markdown.ts";
import { renderOcsf } from "../../src/render/ocsf.ts";
import { renderSarif } from "../../src/render/sarif.ts";
import { renderSlack } from "../../src/render/slack.ts";
import { renderText } from "../../src/render/text.ts";

const nowhere = { reportLocation: null };
const hub = { hubAccount: "111122223333", hubRegion: "eu-west-1" };

/** Each renderer of reports, by its name, and the texts that it makes of one: a new renderer joins with one line. */
export const everyRenderer: Readonly<Record<string, (report: Report) => readonly string[]>> = {
  renderAsff: (report) => renderAsff(report, hub).map((finding) => JSON.stringify(finding)),
  renderAsffFile: (report) => [renderAsffFile(report, hub)],
  // Its lines end as RFC 4180 says.
  renderCsv: (report) => [renderCsv(report).replaceAll("\r\n", "\n")],
  renderDigest: (report) => {
    const { subject, message } = renderDigest(report, nowhere);
    return [subject, ...Object.values<string>(JSON.parse(message))];
  },
  renderEvents: (report) =>
    renderEvents(report, nowhere).flatMap(({ detail, resources }) => [detail, ...resources]),
  renderHtml: (report) => [renderHtml(report)],
  renderJson: (report) => [renderJson(report)],
  renderJunit: (report) => [renderJunit(report)],
  renderMarkdown: (report) => [renderMarkdown(report)],
  renderOcsf: (report) => [renderOcsf(report, "1.2.3")],
  renderSarif: (report) => [renderSarif(report, { version: "1.2.3", helpOf: () => null })],
  renderSlack: (report) => {
    const digest = JSON.parse(renderDigest(report, nowhere).message).default;
    return [JSON.stringify(renderSlack(machineDigestSchema.parse(JSON.parse(digest))))];
  },
  renderText: (report) => [renderText(report, { color: false, width: 80 })],
};
