import { bundle } from "../bundled.ts";
import { count, figure, limitedRow, type Part } from "../row.ts";
import { conditionsOf, runOver } from "./fleet.ts";

/** What other tools of the hub's account leave of STS's quota. */
const sessionThrottle = { ratePerSecond: 20, burst: 20 };

/** An organization whose sessions can only be opened slowly. */
export const sessions: Part = {
  name: "sessions",
  title: `Throttling: ${sessionThrottle.ratePerSecond} AssumeRole calls a second for all accounts`,
  run: async ({ shrinkBy }) => {
    await using bundled = await bundle(["auditor.ts"]);
    const registries = Math.ceil(800 / shrinkBy);
    const scale = { ...conditionsOf(registries), sessionThrottle };
    const { accounts } = scale;
    const { result, requests, inVain } = await runOver(bundled, "auditor.ts", scale);
    const what = `${count(registries)} registries in ${count(accounts)} accounts`;
    const share = inVain / requests;
    return [
      {
        what: `${what}, read in full`,
        measured: `${figure(result.seconds)} s, ${count(result.complete)} of ${count(registries)}`,
        target: { words: "every one", isMet: result.complete === registries },
      },
      limitedRow(
        `calls refused, ${what}`,
        `${count(inVain)} of ${count(accounts - 1 + inVain)} AssumeRole calls; of all ${count(requests)} calls ${figure(share)}`,
        share,
        0.1,
        " of all calls",
      ),
    ];
  },
};
