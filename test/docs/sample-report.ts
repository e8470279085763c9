import { aRule } from "../support/builders.ts";
import { aDrift, aFinding, aGap, aReport } from "../support/report-builders.ts";

const before = aRule({ upstreamRegistryUrl: "quay.io", upstreamRegistry: "quay", credentialArn: null });

const finding = aFinding({
  id: "8c1f6a0e5b2d47939ad0c5e7714f3b26",
  title: "Rule cannot reach its upstream",
  message:
    "AWS could not validate the rule against registry-1.docker.io: unauthorized: incorrect username or password. Cached tags still work; new tags cannot be pulled.",
  data: { failure: "unauthorized: incorrect username or password" },
  remediation: "Store a valid user name and token in the rule's secret.",
  owner: { name: "team-payments", contact: "payments@example.com" },
  cause: {
    id: "5b1f0c1e7a6d4d0c8f3e2b9a4c7d6e81",
    kind: "secret",
    subject: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/docker-hub-AbCdEf",
  },
  openDays: 0,
  steps: [
    {
      text: "Store a valid user name and token in the rule's secret:",
      commands: [
        "aws secretsmanager put-secret-value --secret-id SECRET --secret-string file://credential.json",
      ],
    },
  ],
  docsUrl:
    "https://github.com/pull-through-auditor/pull-through-auditor/blob/main/docs/checks/rule-validation.md",
  consoleUrl: "https://eu-west-1.console.aws.amazon.com/ecr/private-registry/repositories?region=eu-west-1",
});

const changedBy = {
  arn: "arn:aws:iam::111122223333:role/platform",
  sessionName: "alice",
  at: "2026-11-20T01:12:09Z",
  sourceIp: "203.0.113.7",
  eventId: "0f2b1b47-1f9b-4c41-9c7b-3a5ae3a3e3d1",
};

/** The audit whose events are the samples in `docs/alerts.md`. */
export const sampleReport = aReport({
  findings: [finding],
  drift: [aDrift({ change: "modified", before, changedBy })],
  gaps: [aGap()],
});
