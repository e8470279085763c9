import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import { planByFleet } from "../src/app/plan-fleet.ts";
import { readFleetSettings } from "../src/app/settings.ts";
import type { FleetPointer } from "../src/audit/fleet/plan-fleet.ts";
import { parseInvocation } from "./shared/invocation.ts";
import { logger } from "./shared/telemetry.ts";

/**
 * Plans an audit for the fleet. Accepts the same events as the audit function, and returns a pointer to the plan. An
 * invalid request, setting or policy ends the execution here, with all errors listed.
 */
async function handle(event: unknown): Promise<FleetPointer> {
  const { request, dryRun, notify } = parseInvocation(event);
  const settings = readFleetSettings(process.env);
  const pointer = await planByFleet({ request, dryRun, notify }, settings);
  const { auditId, targets } = pointer;
  logger.info("Audit planned", { auditId, request, registries: targets.count });
  return pointer;
}

/** The deployed handler. */
export const handler = middy(handle).use(injectLambdaContext(logger, { resetKeys: true }));
