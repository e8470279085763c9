import { readSettings } from "../../src/app/settings.ts";
import { wire } from "../../src/app/wire.ts";
import { wholeScope } from "../../src/audit/plan/request.ts";
import { measure } from "./measured.ts";
import { readRun } from "./run.ts";

/** Audits a fleet as the scheduled function does. */
const { concurrency, policy, isThrottled } = readRun();
const settings = readSettings({ AUDIT_POLICY: policy, AUDIT_CONCURRENCY: String(concurrency) });
const auditor = await wire(settings);

await measure(isThrottled, async ({ done }) => {
  await auditor.run(wholeScope("schedule"), {
    includePassing: false,
    publish: false,
    dryRun: true,
    notify: "never",
    onProgress: () => undefined,
    onSnapshot: ({ target, rules }) => {
      const validations =
        rules.state === "present" ? rules.value.map(({ validation }) => validation) : [rules];
      done(
        target.account,
        validations.every(({ state }) => state !== "unreadable"),
      );
    },
  });
});
