import type { Context } from "aws-lambda";
import { HUB, REGION } from "./fleet.ts";

/** The part of Lambda's context that the functions use. */
export const context: Context = {
  awsRequestId: "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
  functionName: "pull-through-auditor-audit",
  functionVersion: "$LATEST",
  invokedFunctionArn: `arn:aws:lambda:${REGION}:${HUB}:function:pull-through-auditor-audit`,
  memoryLimitInMB: "1024",
  logGroupName: "/aws/lambda/pull-through-auditor-audit",
  logStreamName: "2026/11/20/[$LATEST]0123456789abcdef",
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => 900_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};
