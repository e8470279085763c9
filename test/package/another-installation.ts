/** Parameters of serverless/params.yml that are only values in the packaged template. */
export const values = {
  scheduleExpression: "rate(6 hours)",
  timeZone: "Europe/Berlin",
  roleName: "cache-audit",
  externalId: "example-corp",
  policy: "s3://example-policies/cache.json",
  concurrency: "20",
  logRetentionInDays: "30",
} as const;

/** Those that are the template's own, too, by the names that they have there. */
export const choices = {
  Mode: ["mode", "fleet"],
  PermissionsBoundary: ["permissionsBoundary", "platform/boundary"],
  RolePath: ["rolePath", "/platform/"],
  ReservedConcurrency: ["reservedConcurrency", "5"],
  OrganizationId: ["organizationId", "o-abcdefghij"],
  Email: ["email", "team@example.com"],
  AlarmEmail: ["alarmEmail", "operators@example.com"],
  SlackWebhookArn: ["slackSecretArn", "arn:aws:secretsmanager:us-east-1:111122223333:secret:slack-AbCdEf"],
  SecurityHub: ["securityHub", "true"],
  PolicyObjectArn: ["policyObjectArn", "arn:aws:s3:::example-policies/cache.json"],
  RouteTopicArns: ["routeTopicArns", "arn:aws:sns:us-east-1:111122223333:team-a"],
  ReportRetentionInDays: ["reportRetentionInDays", "700"],
  ReportLock: ["reportLock", "COMPLIANCE"],
  EventRetentionInDays: ["eventRetentionInDays", "7"],
  HoursWithoutAudit: ["hoursWithoutAudit", "8"],
  LeastCoverage: ["leastCoverage", "99"],
} as const;

const parameters = [...Object.entries(values), ...Object.values(choices)];

/** What Serverless is told to package an installation in which every parameter has another value than its default. */
export const wordsOfAnother: readonly string[] = [
  ...parameters.map(([name, value]) => `--param=${name}=${value}`),
  "--stage",
  "test",
  "--region",
  "eu-central-1",
];
