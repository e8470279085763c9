import { renderAsff, renderAsffFile } from "../../src/formats/asff/asff.ts";
import { renderCsv } from "../../src/formats/csv.ts";
import { renderHtml } from "../../src/formats/html/html.ts";
import { renderJson } from "../../src/formats/json.ts";
import { renderJunit } from "../../src/formats/junit.ts";
import { renderMarkdown } from "../../src/formats/markdown/markdown.ts";
import { renderOcsf } from "../../src/formats/ocsf.ts";
import { renderSarif } from "../../src/formats/sarif/sarif.ts";
import { renderText } from "../../src/formats/text/text.ts";
import { renderEvents } from "../../src/notifiers/eventbridge/events.ts";
import { renderSlack } from "../../src/notifiers/slack/slack.ts";
import { renderDigest } from "../../src/notifiers/sns/digest.ts";
import { machineDigestSchema } from "../../src/notifiers/sns/machine-schema.ts";
import type { Report } from "../../src/schemas/report.ts";

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
