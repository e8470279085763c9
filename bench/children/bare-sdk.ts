import { Agent } from "node:http";
import { DescribePullThroughCacheRulesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { forEachConcurrently } from "../../src/core/concurrency.ts";
import { measure } from "./measured.ts";
import { readRun } from "./run.ts";

/** The calls of a fleet from one SDK client and nothing else: the reference for the auditor. */
const { scale, concurrency, isThrottled } = readRun();
const calls = scale.accounts * scale.regions * (1 + scale.rulesPerRegistry);
const httpAgent = new Agent({ keepAlive: true, maxSockets: concurrency });
const client = new ECRClient({ requestHandler: new NodeHttpHandler({ httpAgent }) });

await measure(isThrottled, async () => {
  await forEachConcurrently(Array.from({ length: calls }).keys(), concurrency, async () => {
    await client.send(new DescribePullThroughCacheRulesCommand({}));
  });
});
