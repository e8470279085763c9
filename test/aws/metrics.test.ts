import {
  CloudWatchClient,
  GetMetricDataCommand as GetMetricData,
  type MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import "aws-sdk-client-mock-vitest/extend";
import { beforeEach, describe, expect, test } from "vitest";
import { countPulls } from "../../src/aws/metrics.ts";
import { present } from "../../src/facts/evidence.ts";
import { mockedClient } from "../support/mocked-client.ts";
import { detailOf, serviceError, troubles } from "./trouble.ts";

const client = new CloudWatchClient({ region: "eu-west-1" });
const cloudWatch = mockedClient(client);

beforeEach(() => {
  cloudWatch.reset();
});

const time = {
  since: new Date("2026-08-22T02:00:00.000Z"),
  until: new Date("2026-11-20T02:00:00.000Z"),
};
const names = ["quay/a", "quay/b"];
const count = () => countPulls(client, names, time);

/** A perfect result of a query. */
const result = { Id: "r0", StatusCode: "Complete", Values: [2, 3] } satisfies MetricDataResult;

describe("countPulls", () => {
  test("asks for the daily sums of every repository within the time", async () => {
    cloudWatch.on(GetMetricData).resolves({ MetricDataResults: [] });
    await count();
    expect(cloudWatch).toHaveReceivedCommandWith(GetMetricData, {
      StartTime: time.since,
      EndTime: time.until,
      MetricDataQueries: names.map((Value, index) => ({
        Id: `r${index}`,
        MetricStat: {
          Metric: {
            Namespace: "AWS/ECR",
            MetricName: "RepositoryPullCount",
            Dimensions: [{ Name: "RepositoryName", Value }],
          },
          Period: 86_400,
          Stat: "Sum",
        },
      })),
    });
  });

  test("adds up every page, an empty one that carries a token among them", async () => {
    cloudWatch
      .on(GetMetricData)
      .resolves({ MetricDataResults: [{ ...result, StatusCode: "PartialData" }], NextToken: "page 2" })
      .on(GetMetricData, { NextToken: "page 2" })
      .resolves({ MetricDataResults: [], NextToken: "page 3" })
      .on(GetMetricData, { NextToken: "page 3" })
      .resolves({ MetricDataResults: [result, { ...result, Id: "r1", Values: [0] }] });
    expect(await count()).toEqual(present({ "quay/a": 10, "quay/b": 0 }));
    expect(cloudWatch).toHaveReceivedCommandTimes(GetMetricData, 3);
  });

  test("counts nothing of a repository without data, and keeps what another page counted", async () => {
    cloudWatch
      .on(GetMetricData)
      .resolves({ MetricDataResults: [result, { ...result, Id: "r1", Values: [] }], NextToken: "page 2" })
      .on(GetMetricData, { NextToken: "page 2" })
      .resolves({ MetricDataResults: [{ ...result, Values: [] }] });
    expect(await count()).toEqual(present({ "quay/a": 5, "quay/b": null }));
  });

  test.each(["Forbidden", "InternalError"] as const)(
    "says nothing of a repository whose metric CloudWatch could not read: %s",
    async (StatusCode) => {
      cloudWatch.on(GetMetricData).resolves({
        MetricDataResults: [
          { ...result, StatusCode },
          { ...result, Id: "r1" },
        ],
      });
      expect(await count()).toEqual(present({ "quay/b": 5 }));
    },
  );

  test("says nothing of a repository that CloudWatch does not mention", async () => {
    cloudWatch.on(GetMetricData).resolves({ MetricDataResults: [result] });
    expect(await count()).toEqual(present({ "quay/a": 5 }));
  });

  test("counts nothing if a later page cannot be read", async () => {
    cloudWatch
      .on(GetMetricData)
      .resolves({ MetricDataResults: [result], NextToken: "page 2" })
      .on(GetMetricData, { NextToken: "page 2" })
      .rejects(serviceError("ThrottlingException", 400, "Rate exceeded"));
    expect(await count()).toMatchObject({ state: "unreadable", reason: "throttled" });
  });

  test("ends with pages that do not end", async () => {
    cloudWatch.on(GetMetricData).resolves({ MetricDataResults: [result], NextToken: "again" });
    expect(await count()).toMatchObject({ state: "unreadable", reason: "service-error" });
    expect(cloudWatch.calls().length).toBeLessThan(30);
  });

  test.each(troubles)("is unreadable after $title: $reason", async ({ error, reason }) => {
    cloudWatch.rejects(error);
    const operation = "cloudwatch:GetMetricData";
    expect(await count()).toEqual({
      state: "unreadable",
      reason,
      operation,
      detail: detailOf(error, operation),
    });
  });
});
