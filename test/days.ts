/**
 * Runs the tests that deal with dates on other days than today, in other time zones and in another language. Run by
 * `npm run test:days`; words after it are given to Vitest.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import process from "node:process";
import { packageFile } from "../src/package-file.ts";
import { shiftedClock } from "./support/clock/shifted.ts";

const dayMs = 86_400_000;

/**
 * Tests that read, compare, write or sign dates, or that AWS's answers with dates pass through, by the beginnings of their
 * paths. What judges and renders fixed moments only is here too: it must not look at the machine's zone or language.
 */
const sensitive = [
  "test/support/clock/",
  "test/demo.messages.test.ts",
  "test/demo.test.ts",
  "test/policy-examples.test.ts",
  "test/docs/",
  "test/audit/report/history",
  "test/audit/evaluate/evaluate-snapshot",
  "test/audit/compare/",
  "test/audit/state/state-file",
  "test/notifiers/eventbridge/",
  "test/aws/registry.test.ts",
  "test/aws/s3/",
  "test/aws/secret",
  "test/notifiers/security-hub/",
  "test/aws/sessions",
  "test/aws/sources",
  "test/checks/secret-health",
  "test/cli/history",
  "test/cli/policy-lint",
  "test/functions/slack",
  "test/local/",
  "test/core/days",
  "test/policy/matching/waivers",
  "test/policy-test/",
  "test/formats/asff",
  "test/formats/csv",
  "test/formats/history",
  "test/formats/html.test.ts",
  "test/formats/html/waiver-snippet",
  "test/formats/junit",
  "test/formats/ocsf",
  "test/formats/sarif",
  "test/render/words",
  "test/simulator/ecr.test.ts",
  "test/simulator/eventbridge",
  "test/simulator/s3",
  "test/simulator/secrets-manager",
  "test/simulator/sts",
  "test/simulator/worlds.test.ts",
  "test/e2e/facts",
  "test/e2e/state",
  "test/e2e/sessions",
];

type Day = {
  readonly name: string;
  /** The moment at which the tests' clock starts, or how far it is from the machine's, in milliseconds. */
  readonly clock: string | number;
  readonly zone: string;
  readonly language: string;
};

const thisYear = new Date().getUTCFullYear();
const [auckland, losAngeles] = ["Pacific/Auckland", "America/Los_Angeles"];

const days: readonly Day[] = [
  { name: "today", clock: 0, zone: losAngeles, language: "de_DE.UTF-8" },
  { name: "in 8 days", clock: 8 * dayMs, zone: auckland, language: "C" },
  { name: "in 100 days", clock: 100 * dayMs, zone: losAngeles, language: "tr_TR.UTF-8" },
  { name: "in 400 days", clock: 400 * dayMs, zone: auckland, language: "de_DE.UTF-8" },
  { name: "on 29 February", clock: "2028-02-29T12:00:00Z", zone: losAngeles, language: "C" },
  // In Auckland the new year is half a day old already; in UTC it comes while the tests run.
  { name: "on 31 December", clock: `${thisYear}-12-31T23:59:45Z`, zone: auckland, language: "tr_TR.UTF-8" },
];

/** Whether the tests pass on a day. */
function passOn({ name, clock, zone, language }: Day): boolean {
  process.stdout.write(`\n== ${name}, ${zone}, ${language}\n`);
  const words = ["run", "--reporter=dot", ...sensitive, ...process.argv.slice(2)];
  const environment = {
    ...process.env,
    ...shiftedClock(clock, process.env["NODE_OPTIONS"]),
    TZ: zone,
    LANG: language,
    LC_ALL: language,
  };
  const vitest = packageFile("node_modules/vitest/vitest.mjs");
  const { status, error } = spawnSync(process.execPath, [vitest, ...words], {
    cwd: packageFile("."),
    env: environment,
    stdio: "inherit",
  });
  if (error !== undefined) throw error;
  return status === 0;
}

const files = readdirSync(packageFile("test"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => `test/${name}`);
const missing = sensitive.filter((prefix) => !files.some((file) => file.startsWith(prefix)));
if (missing.length > 0)
  throw new Error(`No test begins with ${missing.join(", ")}: it was moved or removed.`);

const failed = days.filter((day) => !passOn(day)).map(({ name }) => name);
if (failed.length > 0) {
  process.stderr.write(`\nTests that deal with dates fail ${failed.join(", ")}.\n`);
  process.exitCode = 1;
}
