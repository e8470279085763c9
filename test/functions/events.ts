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

/** The role that makes the calls of {@link callEvent}, and its session. */
export const CALLER = {
  arn: `arn:aws:iam::${MEMBER}:role/platform/deploy-registry`,
  sessionName: "alice@example.com",
  sourceIp: "203.0.113.7",
} as const;

/** The record of a call by {@link CALLER} (AWS CloudTrail user guide, "CloudTrail record contents"). */
export function callRecord(eventName: string, requestParameters: unknown, eventSource = "ecr.amazonaws.com") {
  return {
    eventVersion: "1.11",
    userIdentity: {
      type: "AssumedRole",
      principalId: "AROAEXAMPLE:alice@example.com",
      arn: `arn:aws:sts::${MEMBER}:assumed-role/deploy-registry/${CALLER.sessionName}`,
      accountId: MEMBER,
      sessionContext: {
        sessionIssuer: {
          type: "Role",
          principalId: "AROAEXAMPLE",
          arn: CALLER.arn,
          accountId: MEMBER,
          userName: "deploy-registry",
        },
        attributes: { creationDate: "2026-11-20T09:00:00Z", mfaAuthenticated: "false" },
      },
    },
    eventTime: "2026-11-20T09:14:58Z",
    eventSource,
    eventName,
    awsRegion: REGION,
    sourceIPAddress: CALLER.sourceIp,
    userAgent: "aws-cli/2.31.0",
    requestParameters,
    responseElements: null,
    requestID: "b7c3c3a4-5f7e-4a55-8c58-0f8f2d2a9a10",
    eventID: "0f2b1b47-1f9b-4c41-9c7b-3a5ae3a3e3d1",
    readOnly: false,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: MEMBER,
    eventCategory: "Management",
  };
}

/** An event of EventBridge about a call, as CloudTrail sends it. */
export function callEvent(eventName: string, requestParameters: unknown, service = "ecr") {
  return {
    version: "0",
    id: "8d4d1a5c-0d0f-4f4e-9d55-7c6c6a1f6f10",
    "detail-type": "AWS API Call via CloudTrail",
    source: `aws.${service}`,
    account: MEMBER,
    time: "2026-11-20T09:15:00Z",
    region: REGION,
    resources: [],
    detail: callRecord(eventName, requestParameters, `${service}.amazonaws.com`),
  };
}

/** A CloudTrail event about a changed rule. */
export const cloudTrailEvent = callEvent("UpdatePullThroughCacheRule", {
  ecrRepositoryPrefix: "quay",
  credentialArn: `arn:aws:secretsmanager:${REGION}:${MEMBER}:secret:ecr-pullthroughcache/quay-AbCdEf`,
});

/** A CloudTrail event about a registry policy. */
export const registryPolicyEvent = callEvent("PutRegistryPolicy", { policyText: "{}" });

/** A CloudTrail event about a secret's new value. */
export const secretEvent = callEvent(
  "PutSecretValue",
  { secretId: "ecr-pullthroughcache/quay" },
  "secretsmanager",
);

/**
 * An ECR event about a pull through a rule (Amazon ECR user guide, "Amazon ECR events and EventBridge"). It is too old to be
 * remembered, on whatever day a test runs.
 */
export const pullThroughEvent = {
  version: "0",
  id: "85fc3613-e913-7fc4-a80c-a3753e4aa9ae",
  "detail-type": "ECR Pull Through Cache Action",
  source: "aws.ecr",
  account: MEMBER,
  time: "2020-01-20T09:16:00Z",
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
