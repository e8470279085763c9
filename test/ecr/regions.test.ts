import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import * as z from "zod";
import { regionNames } from "../../src/ecr/regions.ts";
import { regionSchema } from "../../src/ecr/target.ts";

const partitionsSchema = z.object({
  partitionsInfo: z.object({
    partitions: z.array(z.object({ regions: z.record(z.string(), z.object({ description: z.string() })) })),
  }),
});

/** The regions in the data of the AWS SDK, without the placeholders for global services. */
async function regionsOfSdk(): Promise<Readonly<Record<string, string>>> {
  const core = dirname(createRequire(import.meta.url).resolve("@aws-sdk/core/package.json"));
  const file = join(core, "dist-es/submodules/client/util-endpoints/lib/aws/partitions.js");
  const { partitionsInfo } = partitionsSchema.parse(await import(file));
  const all = partitionsInfo.partitions.flatMap(({ regions }) => Object.entries(regions));
  return Object.fromEntries(
    all.filter(([code]) => !code.endsWith("-global")).map(([code, { description }]) => [code, description]),
  );
}

it("knows the regions of the AWS SDK, each a region for policies", async () => {
  expect(regionNames).toEqual(await regionsOfSdk());
  for (const code of Object.keys(regionNames)) expect(regionSchema.safeParse(code).success, code).toBe(true);
});
