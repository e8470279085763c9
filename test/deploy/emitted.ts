import { expect } from "vitest";
import * as z from "zod";
import { metrics, recordAudit, recordDeliveryFailure } from "../../functions/shared/telemetry.ts";
import { triggerSchema } from "../../src/schemas/report.ts";
import { captureStdout, metricsIn } from "../functions/stdout.ts";
import { aReport } from "../support/report-builders.ts";
import type { Effective } from "./effective.ts";

/** The namespace of the auditor's own metrics. */
export const OWN = "PullThroughAuditor";

/** A metric as an alarm or a dashboard names it. */
export type Metric = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, unknown>>;
};

/** The names of metrics, and the names of dimensions that come together, as in `service+trigger`. */
type Emitted = { readonly names: ReadonlySet<string>; readonly dimensionSets: ReadonlySet<string> };

const emfSchema = z.object({
  _aws: z.object({
    CloudWatchMetrics: z.tuple([
      z.object({
        Namespace: z.literal(OWN),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ]),
  }),
});

/** All metrics that the functions can write. Only inside a test. */
export function whatIsEmitted(): Emitted {
  const stdout = captureStdout();
  recordAudit(aReport());
  recordDeliveryFailure({ topicsUnheard: 1 });
  metrics.publishStoredMetrics();
  const [line, ...others] = metricsIn(stdout.lines());
  expect(others).toEqual([]);
  const [{ Metrics, Dimensions }] = emfSchema.parse(line)._aws.CloudWatchMetrics;
  return {
    names: new Set(Metrics.map(({ Name }) => Name)),
    dimensionSets: new Set(Dimensions.map(keyOf)),
  };
}

function keyOf(names: readonly string[]): string {
  return [...names].sort().join("+");
}

/** Expects that the functions of a template write a metric, with these dimensions and values. */
export function expectToBeEmitted({ name, dimensions }: Metric, template: Effective): void {
  const emitted = whatIsEmitted();
  expect(emitted.names).toContain(name);
  expect(emitted.dimensionSets, name).toContain(keyOf(Object.keys(dimensions)));
  const { service, trigger } = dimensions;
  expect(servicesOf(template), name).toEqual(new Set([service]));
  if (trigger !== undefined) expect(triggerSchema.options, name).toContain(trigger);
}

/** The names that the functions give to their metrics' dimension `service`. */
function servicesOf({ resources }: Effective): ReadonlySet<unknown> {
  const variablesSchema = z.object({
    Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
  });
  const functions = [...resources.values()].filter(({ type }) => type === "AWS::Lambda::Function");
  return new Set(
    functions.map(
      ({ properties }) => variablesSchema.parse(properties).Environment.Variables["POWERTOOLS_SERVICE_NAME"],
    ),
  );
}
