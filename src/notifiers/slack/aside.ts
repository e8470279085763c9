import { reasonAdvice } from "../../facts/reason-advice.ts";
import { differencesOf } from "../../formats/text/sections/drift.ts";
import { waiverWords } from "../../formats/text/sections/waiver-words.ts";
import { changedByText } from "../../render/changed-by.ts";
import { cutSlack } from "../../render/escape/slack.ts";
import { accountsOf } from "../../render/locations.ts";
import { unseenRegistries } from "../../render/verdict.ts";
import { counted, grouped, listed } from "../../render/words.ts";
import type { WaiverNotice } from "../../schemas/report.ts";
import type { MachineDigest } from "../sns/machine-schema.ts";
import { type SlackBlock, section, shortSlack } from "./blocks.ts";

const LONGEST_LINE_BYTES = 250;
const MOST_LINES = 5;
const MOST_ACCOUNTS = 2;

/** Renders coverage gaps, changed rules and waivers to review. */
export function asides(digest: MachineDigest): SlackBlock[] {
  return [gapsSection(digest), driftSection(digest), waiversSection(digest)].filter(
    (block) => block !== null,
  );
}

function gapsSection({ coverage, baseline }: MachineDigest): SlackBlock | null {
  const withGaps = unseenRegistries(coverage);
  if (withGaps === 0 && coverage.reasons.length === 0) return null;
  const lines = coverage.reasons.map(({ reason, gaps }) => {
    const accounts = accountsOf(coverage.gaps.filter((gap) => gap.reason === reason));
    const where = accounts.length === 0 ? "" : `: ${named(accounts, coverage.gapsOmitted > 0)}`;
    return `${reasonAdvice[reason].title} (${grouped(gaps)})${where}. ${reasonAdvice[reason].advice}`;
  });
  const dropped = coverage.dropped && !baseline ? ", more than in the previous audit" : "";
  return list(
    `Not fully covered: ${grouped(withGaps)} of ${counted(coverage.planned, "registry", "registries")}${dropped}`,
    lines,
    0,
  );
}

/** Names some accounts. If the digest leaves out gaps, nobody knows how many others there are. */
function named(accounts: readonly string[], areOthersLeftOut: boolean): string {
  if (!areOthersLeftOut) return listed(accounts, MOST_ACCOUNTS);
  return `${accounts.slice(0, MOST_ACCOUNTS).join(", ")} and possibly others`;
}

function driftSection({ drift, driftOmitted }: MachineDigest): SlackBlock | null {
  if (drift.length + driftOmitted === 0) return null;
  const lines = drift.map((one) => {
    const where = `${one.account} ${one.region}: ${one.prefix}`;
    const by = `by ${changedByText(one.changedBy)}`;
    return [`${one.change} ${where}`, by, ...differencesOf(one)].join(" \u00b7 ");
  });
  return list(`Changed rules: ${grouped(drift.length + driftOmitted)}`, lines, driftOmitted);
}

function waiversSection({ waivers }: MachineDigest): SlackBlock | null {
  const { expired, expiring, unused, omitted } = waivers;
  const lines = [
    ...expired.map((notice) => noticeLine("expired", notice)),
    ...expiring.map((notice) => noticeLine("expiring", notice)),
    ...unused.map((notice) => noticeLine("unused", notice)),
  ];
  if (lines.length + omitted === 0) return null;
  return list("Waivers to review", lines, omitted);
}

function noticeLine(what: string, notice: WaiverNotice): string {
  return `${notice.check} ${what}: ${waiverWords(notice)}`;
}

function list(title: string, lines: readonly string[], omitted: number): SlackBlock {
  const left = Math.max(0, lines.length - MOST_LINES) + omitted;
  return section([
    `*${title}*`,
    ...lines.slice(0, MOST_LINES).map((line) => cutSlack(`\u2022 ${shortSlack(line)}`, LONGEST_LINE_BYTES)),
    ...(left > 0 ? [`\u2022 and ${grouped(left)} more`] : []),
  ]);
}
