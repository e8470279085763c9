import { Agent } from "node:http";
import { DescribePullThroughCacheRulesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import pLimit from "p-limit";
import { measure } from "./measured.ts";
import { readVoyage } from "./voyage.ts";

/** As many calls as a fleet takes, from one client of the SDK, and nothing else: what the auditor is measured by. */
const { scale, concurrency, isThrottled } = readVoyage();
const calls = scale.accounts * scale.regions * (1 + scale.rulesPerRegistry);
const httpAgent = new Agent({ keepAlive: true, maxSockets: concurrency });
const client = new ECRClient({ requestHandler: new NodeHttpHandler({ httpAgent }) });
const limit = pLimit(concurrency);

await measure(isThrottled, async () => {
  const command = () => client.send(new DescribePullThroughCacheRulesCommand({}));
  await Promise.all(Array.from({ length: calls }, () => limit(command)));
});
