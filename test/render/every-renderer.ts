import { keysOf } from "../../src/core/records.ts";
import { renderAsff } from "../../src/formats/asff/asff.ts";
import { type FormatContext, formats, renderReport } from "../../src/formats/index.ts";
import { renderEvents } from "../../src/notifiers/eventbridge/events.ts";
import { renderSlack } from "../../src/notifiers/slack/slack.ts";
import { renderDigest } from "../../src/notifiers/sns/digest.ts";
import { machineDigestSchema } from "../../src/notifiers/sns/machine-schema.ts";
import type { Report } from "../../src/schemas/report.ts";

type Rendering = (report: Report) => Promise<readonly string[]> | readonly string[];

const nowhere = { reportLocation: null };

const context: FormatContext = {
  color: false,
  width: 80,
  hub: { account: "111122223333", region: "eu-west-1" },
  version: "1.2.3",
  helpOf: () => null,
};

/** What notifiers send, by the notifier's folder. */
export const notifierRenderers = {
  eventbridge: (report) =>
    renderEvents(report, nowhere).flatMap(({ detail, resources }) => [detail, ...resources]),
  "security-hub": (report) =>
    renderAsff(report, { hubAccount: "111122223333", hubRegion: "eu-west-1" }).map((finding) =>
      JSON.stringify(finding),
    ),
  slack: (report) => {
    const digest = JSON.parse(renderDigest(report, nowhere).message).default;
    return [JSON.stringify(renderSlack(machineDigestSchema.parse(JSON.parse(digest))))];
  },
  sns: (report) => {
    const { subject, message } = renderDigest(report, nowhere);
    return [subject, ...Object.values<string>(JSON.parse(message))];
  },
} as const satisfies Readonly<Record<string, Rendering>>;

/** Each renderer of reports, by its name, and the texts that it makes of one. */
export const everyRenderer: Readonly<Record<string, Rendering>> = {
  ...Object.fromEntries(
    keysOf(formats).map((name): [string, Rendering] => [
      name,
      async (report) => {
        const text = await renderReport(report, name, context);
        // The lines of CSV end as RFC 4180 says.
        return [name === "csv" ? text.replaceAll("\r\n", "\n") : text];
      },
    ]),
  ),
  ...notifierRenderers,
};
