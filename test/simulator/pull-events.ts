/**
 * Events about pulls, as ECR sends them to EventBridge, and the batches in which Lambda takes them from a queue (Amazon ECR
 * user guide, "Amazon ECR events and EventBridge"; AWS Lambda developer guide, "Using Lambda with Amazon SQS"; November
 * 2026).
 */

/** What a pull is of. */
export type Pull = {
  readonly account: string;
  readonly region: string;
  readonly prefix: string;
  readonly id: string;
  readonly at: Date;
  /** `null`: it succeeds. */
  readonly failure: { readonly code: string; readonly reason: string } | null;
  readonly image?: string;
  readonly tag?: string;
};

/** The event that ECR sends for a pull. */
export function pullEvent({ account, region, prefix, id, at, failure, ...named }: Pull) {
  const { image = "library/alpine", tag = "3.22" } = named;
  const repository = prefix === "ROOT" ? image : `${prefix}/${image}`;
  return {
    version: "0",
    id,
    "detail-type": "ECR Pull Through Cache Action",
    source: "aws.ecr",
    account,
    time: at.toISOString(),
    region,
    resources: [`arn:aws:ecr:${region}:${account}:repository/${repository}`],
    detail: {
      "rule-version": "1",
      "sync-status": failure === null ? "SUCCESS" : "FAILED",
      "ecr-repository-prefix": prefix,
      "repository-name": repository,
      "upstream-registry-url": "registry-1.docker.io",
      "image-tag": tag,
      ...(failure === null
        ? { "image-digest": `sha256:${"0".repeat(64)}` }
        : { "failure-code": failure.code, "failure-reason": failure.reason }),
    },
  };
}

/** A batch of messages with these bodies: texts as they are, all else as JSON. */
export function queueBatch(
  bodies: readonly unknown[],
  queueArn = "arn:aws:sqs:eu-west-1:111122223333:pulls",
) {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `message-${index}`,
      receiptHandle: `handle-${index}`,
      body: typeof body === "string" ? body : JSON.stringify(body),
      attributes: { ApproximateReceiveCount: "1", SenderId: "AIDAEXAMPLE" },
      messageAttributes: {},
      eventSource: "aws:sqs",
      eventSourceARN: queueArn,
      awsRegion: queueArn.split(":")[3],
    })),
  };
}
