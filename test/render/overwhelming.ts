import type { Report } from "../../src/schemas/report.ts";
import { aFinding, aReport } from "../support/report-builders.ts";
import { account, fortyDenials } from "./fleet.ts";
import { hostileTexts } from "./hostile-texts.ts";

/** How many findings {@link overwhelming} has, each a problem of its own. */
export const MANY_FINDINGS = 500;

/** Hundreds of findings that share no problem, with texts as long and as unwelcome as can be. */
export function overwhelming(): Report {
  const text = hostileTexts["quotes and backslashes"];
  const wide = hostileTexts["a quarter of a megabyte"].slice(0, 3000);
  return aReport({
    policy: { name: wide, digest: "sha256:0" },
    gaps: fortyDenials().map((gap) => ({ ...gap, detail: text, accountName: wide, prefixes: [text, wide] })),
    findings: Array.from({ length: MANY_FINDINGS }, (_, index) =>
      aFinding({
        ...account(index),
        id: `f-${index}`,
        check: `check-${index}`,
        title: wide,
        message: `${text.slice(0, 2000)} ${index}`,
        remediation: `${index} ${wide}`,
        accountName: wide,
        prefix: wide,
      }),
    ),
  });
}
