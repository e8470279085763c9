import { displayWidth } from "../../../render/layout.ts";
import { type AccountLocations, byAccount, type Location } from "../../../render/locations.ts";
import { labelled, type Page, prose } from "../../../render/page.ts";
import { counted } from "../../../render/words.ts";

const INDENT = "    ";
/** The maximum share of a line for the column of accounts. */
const WIDEST_NAMES = 0.6;
const MOST_ACCOUNTS = 10;

/**
 * Lists locations by account: `    111122223333 payments-prod  eu-west-1: docker-hub`. After ten accounts, the list
 * ends with the number of those that are left out.
 *
 * @param unit what one location is, such as a finding or a registry
 */
export function locationLines(
  locations: readonly Location[],
  unit: { one: string; many: string },
  page: Page,
): string[] {
  const accounts = byAccount(locations);
  const shown = accounts.slice(0, MOST_ACCOUNTS);
  const column = whereColumn(shown, page);
  const lines = shown.flatMap(({ account, where }) => accountLines(account, where, column, page));
  return [...lines, ...moreAccounts(accounts.slice(MOST_ACCOUNTS), unit)];
}

function accountLines(account: string, where: readonly string[], column: number, page: Page): string[] {
  const label = `${INDENT}${account}  `;
  const longestWord = Math.max(0, ...where.flatMap((clause) => clause.split(" ")).map(displayWidth));
  // If a name leaves no room for a region beside it, the regions go on the next line.
  if (displayWidth(label) > column && displayWidth(label) + longestWord > page.width) {
    return [label.trimEnd(), ...where.flatMap((clause) => prose(clause, INDENT.length + 2, page))];
  }
  return where.flatMap((clause, index) => labelled(index === 0 ? label : "", clause, column, page));
}

function whereColumn(accounts: readonly AccountLocations[], { width }: Page): number {
  const longest = Math.max(0, ...accounts.map(({ account }) => displayWidth(account)));
  return Math.min(INDENT.length + longest + 2, Math.floor(width * WIDEST_NAMES));
}

function moreAccounts(accounts: readonly AccountLocations[], unit: { one: string; many: string }): string[] {
  if (accounts.length === 0) return [];
  const count = accounts.reduce((sum, locations) => sum + locations.count, 0);
  return [
    `${INDENT}and ${counted(accounts.length, "more account")} (${counted(count, unit.one, unit.many)})`,
  ];
}
