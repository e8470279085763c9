import type { Told } from "../audit/options.ts";
import { inlineText, neutralLines } from "../render/escape/inline.ts";

/**
 * Says what the notifiers of an audit were sent. In a dry run, shows what they would have been sent, with the message to
 * topics as a mail. Failed deliveries are left out: the audit ends with them as an error.
 */
export function toldText(told: readonly Told[]): string {
  const lines = told.flatMap(({ name, isDelivered, preview }) => {
    if (isDelivered === false) return [];
    const shown = preview();
    const what = shown === null ? "" : `: ${inlineText(shown.summary)}`;
    if (isDelivered === true) return [`Told ${inlineText(name)}${what}`];
    const message = shown === null || shown.text === null ? [] : ["", neutralLines(shown.text)];
    return [`Would tell ${inlineText(name)}${what}`, ...message];
  });
  if (told.length === 0) lines.push("Told nobody: no message is due.");
  return lines.map((line) => `${line}\n`).join("");
}
