import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod";
import { dayOf, writeDay } from "../src/core/days.ts";
import { writeFileAtomically } from "../src/local/atomic-file.ts";
import { packageFile } from "../src/package-file.ts";

const file = packageFile("reports/demo-policy.json");

/** Long enough for the demo's waivers to be active without a warning that they expire soon. */
const waiverDays = 200;

const policySchema = z.looseObject({ waivers: z.array(z.looseObject({ expires: z.iso.date() })) });

/**
 * Writes the demo's policy with waivers that expire some months from now, to keep them active on any day.
 *
 * @returns the path of the file
 */
export async function writeDemoPolicy(now: Date): Promise<string> {
  const policy = policySchema.parse(JSON.parse(await readFile(packageFile("demo/policy.json"), "utf8")));
  const expires = writeDay(dayOf(now) + waiverDays);
  const waivers = policy.waivers.map((waiver) => ({ ...waiver, expires }));
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomically(file, `${JSON.stringify({ ...policy, waivers }, null, 2)}\n`);
  return file;
}
