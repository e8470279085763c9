import { MEMBER, REGION } from "./fleet.ts";

/**
 * What EventBridge Scheduler sends to a function when the schedule has no input of its own. Unlike in a rule's event,
 * `detail` is text.
 */
export const schedulerEvent = {
  version: "0",
  id: "37666ae6-48cf-4285-b4c6-a3320b38824a",
  "detail-type": "Scheduled Event",
  source: "aws.scheduler",
  account: "111122223333",
  time: "2026-11-20T02:00:00Z",
  region: REGION,
  resources: [`arn:aws:scheduler:${REGION}:111122223333:schedule/default/audit`],
  detail: "{}",
};

/** What a scheduled rule of EventBridge sends (Amazon EventBridge user guide, "Scheduled events"). */
export const scheduledRuleEvent = {
  ...schedulerEvent,
  source: "aws.events",
  resources: [`arn:aws:events:${REGION}:111122223333:rule/audit`],
  detail: {},
};

/** A CloudTrail event about a changed rule (AWS CloudTrail user guide, "CloudTrail record contents"). */
export const cloudTrailEvent = {
  version: "0",
  id: "8d4d1a5c-0d0f-4f4e-9d55-7c6c6a1f6f10",
  "detail-type": "AWS API Call via CloudTrail",
  source: "aws.ecr",
  account: MEMBER,
  time: "2026-11-20T09:15:00Z",
  region: REGION,
  resources: [],
  detail: {
    eventVersion: "1.11",
    eventSource: "ecr.amazonaws.com",
    eventName: "UpdatePullThroughCacheRule",
    awsRegion: REGION,
    requestParameters: {
      ecrRepositoryPrefix: "quay",
      credentialArn: `arn:aws:secretsmanager:${REGION}:${MEMBER}:secret:ecr-pullthroughcache/quay-AbCdEf`,
    },
  },
};

/** An ECR event about a pull through a rule (Amazon ECR user guide, "Amazon ECR events and EventBridge"). */
export const pullThroughEvent = {
  version: "0",
  id: "85fc3613-e913-7fc4-a80c-a3753e4aa9ae",
  "detail-type": "ECR Pull Through Cache Action",
  source: "aws.ecr",
  account: MEMBER,
  time: "2026-11-20T09:16:00Z",
  region: REGION,
  resources: [`arn:aws:ecr:${REGION}:${MEMBER}:repository/docker-hub/library/alpine`],
  detail: {
    "rule-version": "1",
    "sync-status": "FAILED",
    "ecr-repository-prefix": "docker-hub",
    "repository-name": "docker-hub/library/alpine",
    "upstream-registry-url": "registry-1.docker.io",
    "image-tag": "3.22",
    "failure-code": "UpstreamAccessDenied",
    "failure-reason": "The upstream registry refused the credentials.",
  },
};
