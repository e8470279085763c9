import { cutToCharacters } from "../../../render/escape/cut.ts";
import { inlineText } from "../../../render/escape/inline.ts";
import { nameText } from "../../../render/locations.ts";
import type { WaiverNote } from "../../../schemas/finding.ts";

const LONGEST_REASON = 200;

/** Describes a waiver: `until 2027-01-31, owner team-a, SEC-12: "Legacy names"`. */
export function waiverWords({ reason, owner, ticket, expires }: WaiverNote): string {
  const facts = [`until ${nameText(expires)}`, `owner ${nameText(owner)}`];
  if (ticket !== null) facts.push(nameText(ticket));
  return `${facts.join(", ")}: "${inlineText(cutToCharacters(reason, LONGEST_REASON))}"`;
}
