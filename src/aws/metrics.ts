import { type CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { type Evidence, present } from "../facts/evidence.ts";
import { IncompleteAnswerError, listIn, nameIn } from "./answer.ts";
import { unreadableBecause } from "./errors.ts";
import { operation } from "./operation.ts";
import { nextToken } from "./pages.ts";

/*
 * CloudWatch's metrics. Few audits ask for them: this separate module is loaded when one does, and a bundler includes
 * only what is named here.
 */

export { CloudWatchClient } from "@aws-sdk/client-cloudwatch";

/** A day, in seconds: the sums of days of at most 500 repositories fit into a few pages of 100,800 values. */
const period = 86_400;

/** 500 metrics × 455 days are three pages (CloudWatch API reference, GetMetricData, November 2026). */
const mostPages = 20;

const getMetricData = operation({
  name: "cloudwatch:GetMetricData",
  command: GetMetricDataCommand,
  send: (client: CloudWatchClient, command) => client.send(command),
  read: (page) => ({
    results: listIn(page.MetricDataResults, "MetricDataResults").map(({ Id, StatusCode, Values }) => ({
      id: nameIn(Id, "MetricDataResults[].Id"),
      isWhole: StatusCode === "Complete" || StatusCode === "PartialData",
      values: listIn(Values, "MetricDataResults[].Values").map((value) => {
        if (typeof value === "number" && value >= 0) return value;
        throw new IncompleteAnswerError("AWS answered with a count of pulls that is no count");
      }),
    })),
    next: nextToken(page.NextToken),
  }),
  isRepeatable: true,
});

/** Counts the pulls from at most 500 repositories; null for one of which there is no data. Does not throw. */
export async function countPulls(
  client: CloudWatchClient,
  names: readonly string[],
  { since, until }: { readonly since: Date; readonly until: Date },
): Promise<Evidence<Readonly<Record<string, number | null>>>> {
  const queries = names.map((name, index) => ({
    Id: `r${index}`,
    MetricStat: {
      Metric: {
        Namespace: "AWS/ECR",
        MetricName: "RepositoryPullCount",
        Dimensions: [{ Name: "RepositoryName", Value: name }],
      },
      Period: period,
      Stat: "Sum",
    },
  }));
  const counts = new Map<string, number | null>();
  const refused = new Set<string>();
  try {
    let token: string | null = null;
    for (let pages = 0; ; pages += 1) {
      if (pages === mostPages)
        throw new IncompleteAnswerError("cloudwatch:GetMetricData: the list does not end");
      const page: Awaited<ReturnType<typeof getMetricData>> = await getMetricData(client, {
        MetricDataQueries: queries,
        StartTime: since,
        EndTime: until,
        ...(token === null ? {} : { NextToken: token }),
      });
      for (const { id, isWhole, values } of page.results) {
        if (!isWhole) refused.add(id);
        const sum = values.reduce((total, value) => total + value, 0);
        const before = counts.get(id) ?? null;
        counts.set(id, values.length === 0 ? before : (before ?? 0) + sum);
      }
      token = page.next;
      if (token === null) break;
    }
  } catch (error) {
    return unreadableBecause(error, "cloudwatch:GetMetricData");
  }
  const known = names.flatMap((name, index) => {
    const count = counts.get(`r${index}`);
    return count === undefined || refused.has(`r${index}`) ? [] : [[name, count] as const];
  });
  return present(Object.fromEntries(known));
}
