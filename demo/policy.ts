import { readFile } from "node:fs/promises";
import * as z from "zod";
import { dayOf, writeDay } from "../src/core/days.ts";
import { writeFileAtomically } from "../src/local/atomic-file.ts";
import { packageFile } from "../src/package-file.ts";

/** Long enough for the demo's waivers to be active without a warning that they expire soon. */
const waiverDays = 200;

const policySchema = z.looseObject({ waivers: z.array(z.looseObject({ expires: z.iso.date() })) });

/** Writes the demo's policy with waivers that expire some months from now, to keep them active on any day. */
export async function writeDemoPolicy(file: string, now: Date): Promise<void> {
  const policy = policySchema.parse(JSON.parse(await readFile(packageFile("demo/policy.json"), "utf8")));
  const expires = writeDay(dayOf(now) + waiverDays);
  const waivers = policy.waivers.map((waiver) => ({ ...waiver, expires }));
  await writeFileAtomically(file, `${JSON.stringify({ ...policy, waivers }, null, 2)}\n`);
}
