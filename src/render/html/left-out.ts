import { type ComponentChild, h } from "preact";
import type { ExcludedAccount, Report } from "../../model/report.ts";
import { groupsOf } from "../group.ts";
import { accountLabel } from "../places.ts";
import { counted } from "../words.ts";

const reasons = {
  "excluded-by-policy": "left out by the policy",
  "not-active": "not active",
} as const satisfies Record<ExcludedAccount["reason"], string>;

/** The accounts that nobody looked at, because the scope leaves them out. */
export function leftOut({ coverage }: Report): ComponentChild {
  return groupsOf(coverage.excludedAccounts, ({ reason }) => reason).map((accounts) =>
    h("details", { class: "clean" }, [
      h("summary", null, `${counted(accounts.length, "account")} ${reasons[accounts[0].reason]}`),
      h("p", null, accounts.map(accountLabel).join(", ")),
    ]),
  );
}
