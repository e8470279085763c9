import { z } from "zod";
import { AwsError } from "../aws-error.ts";
import { JSON_DIALECT } from "../dialect.ts";
import { pageOf } from "../pagination.ts";
import { type CallContext, operation, pageShapeOf, type Service } from "../service.ts";
import { jsonProtocol } from "../wire/json.ts";
import type { Repository } from "../world.ts";
import { regionOf } from "../world-access.ts";
import { text } from "./fields.ts";

const MOST_QUERIES = 500;

const query = z.strictObject({
  Id: z.string().regex(/^[a-z]\w*$/),
  MetricStat: z.strictObject({
    Metric: z.strictObject({
      Namespace: z.literal("AWS/ECR"),
      MetricName: z.literal("RepositoryPullCount"),
      Dimensions: z.tuple([z.strictObject({ Name: z.literal("RepositoryName"), Value: text(1, 256) })]),
    }),
    Period: z.int().multipleOf(60),
    Stat: z.literal("Sum"),
  }),
});

const getMetricDataInput = z.strictObject({
  MetricDataQueries: z.array(query).min(1).max(MOST_QUERIES),
  StartTime: z.number(),
  EndTime: z.number(),
  NextToken: z.string().optional(),
});

/**
 * CloudWatch: GetMetricData of the pulls from repositories. A period without pulls has no value, or a zero:
 * which of the two is not documented. Source: CloudWatch API reference; Amazon ECR user guide, "Amazon ECR repository metrics", November 2026.
 */
export const cloudwatch: Service = {
  name: "monitoring",
  protocol: jsonProtocol("GraniteServiceVersion20100801"),
  dialect: JSON_DIALECT,
  isRegional: true,
  operations: { GetMetricData: operation(getMetricDataInput, getMetricData) },
};

function getMetricData(input: z.output<typeof getMetricDataInput>, call: CallContext): unknown {
  const { MetricDataQueries, StartTime, EndTime, NextToken } = input;
  if (StartTime >= EndTime) {
    throw new AwsError("InvalidParameterCombination", "The parameter StartTime must be less than EndTime.");
  }
  const repositories = regionOf(call.world, call.caller.accountId, call.region).repositories ?? [];
  const byName = new Map(repositories.map((repository) => [repository.name, repository]));
  const page = pageOf({
    items: MetricDataQueries,
    list: `metrics ${call.caller.accountId} ${call.region} ${StartTime}`,
    token: NextToken,
    size: MOST_QUERIES,
    shape: pageShapeOf(call),
  });
  if (page === undefined) throw new AwsError("InvalidNextToken", "The next token is not valid.");
  return {
    MetricDataResults: page.items.map(({ Id, MetricStat }) => {
      const [{ Value }] = MetricStat.Metric.Dimensions;
      const { pulls = [], publishesZeros = false } = byName.get(Value) ?? {};
      const sums = sumsOf(pulls, MetricStat.Period, StartTime, EndTime);
      const values = sums.length === 0 && publishesZeros ? [[StartTime, 0] as const] : sums;
      return {
        Id,
        Label: Value,
        StatusCode: "Complete",
        Timestamps: values.map(([at]) => at),
        Values: values.map(([, sum]) => sum),
      };
    }),
    Messages: [],
    NextToken: page.nextToken,
  };
}

/** The sums of the periods with pulls, the latest first. */
function sumsOf(pulls: NonNullable<Repository["pulls"]>, period: number, from: number, until: number) {
  const sums = new Map<number, number>();
  for (const pull of pulls) {
    const at = Date.parse(pull) / 1_000;
    if (at < from || at >= until) continue;
    const start = from + Math.floor((at - from) / period) * period;
    sums.set(start, (sums.get(start) ?? 0) + 1);
  }
  return [...sums].sort(([a], [b]) => b - a);
}
