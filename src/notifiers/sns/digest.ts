import { cutToBytes } from "../../core/bytes.ts";
import { safeJson } from "../../render/escape/json.ts";
import type { DeliveryOptions } from "../../render/words.ts";
import type { Report } from "../../schemas/report.ts";
import { chatNotification } from "./chat.ts";
import { headline, SUBJECT_BYTES } from "./headline.ts";
import { machineDigest } from "./machine.ts";
import { mailDigest } from "./mail.ts";
import { smsLine } from "./sms.ts";

/** An SNS message for `MessageStructure: json`. */
export type Digest = {
  /** ASCII, under 100 characters, without control characters. */
  readonly subject: string;
  /** JSON with the texts for `default`, `email`, `https` and `sms`; under 256 KiB of UTF-8. */
  readonly message: string;
};

/**
 * Renders the message that reports an audit to a topic: as JSON for integrations (`default`), as a mail, as a chat
 * notification and as an SMS. The worst findings come first. Each text is cut at its own limit, and says what was cut and
 * where the full report is. The message stays under 256 KiB, the limit of SNS.
 *
 * @param report may contain only the findings for this topic; failures are counted from these findings
 */
export function renderDigest(report: Report, options: DeliveryOptions): Digest {
  return {
    subject: cutToBytes(headline(report), SUBJECT_BYTES),
    message: safeJson({
      default: machineDigest(report, options),
      email: mailDigest(report, options),
      https: chatNotification(report, options),
      sms: smsLine(report),
    }),
  };
}
