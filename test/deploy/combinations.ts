/** For each of the template's parameters that decides what is deployed: the value that leaves it out, and one that does not. */
const choices = {
  Mode: ["single", "fleet"],
  SecurityHub: ["false", "true"],
  SlackWebhookArn: ["", "arn:aws:secretsmanager:us-east-1:111122223333:secret:slack-AbCdEf"],
  Email: ["", "team@example.com"],
  AlarmEmail: ["", "operators@example.com"],
  OrganizationId: ["", "o-abcdefghij"],
} as const;

/** What adds no more than a statement to a role, or a property. */
const statements = {
  PermissionsBoundary: "platform/boundary",
  RolePath: "/platform/",
  ReservedConcurrency: "5",
  PolicyObjectArn: "arn:aws:s3:::example-policies/cache.json",
  ReportLock: "GOVERNANCE",
  RouteTopicArns: "arn:aws:sns:us-east-1:111122223333:team-a,arn:aws:sns:us-east-1:111122223333:team-b",
} as const;

type Combination = Readonly<Record<string, string>>;

/** All combinations of what is deployed: the cartesian product of the choices. */
export const combinations: readonly Combination[] = Object.entries(choices).reduce<readonly Combination[]>(
  (product, [name, values]) =>
    product.flatMap((combination) => values.map((value) => ({ ...combination, [name]: value }))),
  [{}],
);

/** Only the combinations of the main parameters, because validation takes time. */
export const largeCombinations: readonly Combination[] = combinations.filter(
  ({ AlarmEmail, OrganizationId }) => AlarmEmail === "" && OrganizationId === "",
);

/** The combination in which everything is deployed. */
export const everything: Combination = {
  ...Object.fromEntries(Object.entries(choices).map(([name, [, chosen]]) => [name, chosen])),
  ...statements,
};

/** A combination in few words, for messages. */
export function nameOf(combination: Combination): string {
  return Object.entries(combination)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}
