import { changedByText } from "../../../render/changed-by.ts";
import { changedFields } from "../../../render/changed-fields.ts";
import { cutToCharacters } from "../../../render/escape/cut.ts";
import { inlineText } from "../../../render/escape/inline.ts";
import { nameText } from "../../../render/locations.ts";
import { labelled, type Page, type Paragraph, prose, type Section } from "../../../render/page.ts";
import { counted } from "../../../render/words.ts";
import type { Drift, Report } from "../../../schemas/report.ts";

const LONGEST_VALUE = 200;
const CHANGE_COLUMN = "  modified  ".length;
const MOST_CHANGES = 25;

/** Lists the rules that changed since the previous audit; `null` if none did. */
export function driftSection({ drift }: Report, page: Page): Section | null {
  if (drift.length === 0) return null;
  const shown = drift.slice(0, MOST_CHANGES).map((change) => changeParagraph(change, page));
  const left = drift.length - MOST_CHANGES;
  return {
    heading: `CHANGED RULES: ${counted(drift.length, "rule")} since the previous audit`,
    paragraphs:
      left > 0 ? [...shown, { lines: [`  and ${counted(left, "more rule")}`], count: left }] : shown,
    unit: "rule",
  };
}

function changeParagraph(drift: Drift, page: Page): Paragraph {
  const { account, region, prefix, change } = drift;
  const where = `${nameText(account)} ${nameText(region)}: ${nameText(prefix)}`;
  return {
    lines: [
      ...labelled(`  ${change}`, where, CHANGE_COLUMN, page),
      ...[...differencesOf(drift), `by ${changedByText(drift.changedBy)}`].flatMap((line) =>
        prose(line, CHANGE_COLUMN, page),
      ),
    ],
    count: 1,
  };
}

/** Describes each changed field of a rule as inline text: `upstream public.ecr.aws -> ghcr.io`. */
export function differencesOf(drift: Drift): string[] {
  return changedFields(drift).map(({ name, before, after }) => {
    if (drift.before === null) return `${name} ${valueText(after)}`;
    if (drift.after === null) return `${name} was ${valueText(before)}`;
    return `${name} ${valueText(before)} -> ${valueText(after)}`;
  });
}

function valueText(value: string | null): string {
  return value === null ? "none" : inlineText(cutToCharacters(value, LONGEST_VALUE));
}
