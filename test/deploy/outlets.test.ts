import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { renderEvents } from "../../src/notifiers/eventbridge/events.ts";
import { packageFile } from "../../src/package-file.ts";
import { type Severity, severities } from "../../src/schemas/finding.ts";
import { delivered } from "../docs/delivered.ts";
import { matches } from "../docs/event-pattern.ts";
import { hostileTexts } from "../render/hostile-texts.ts";
import { aDrift, aFinding, aReport } from "../support/report-builders.ts";
import { readMemberTemplate } from "./cloudformation-yaml.ts";
import { effective } from "./effective.ts";
import { stepsOf, transformed } from "./input-transformer.ts";
import { type OutletRule, outletRules } from "./outlets.ts";
import { complaintsAboutFile } from "./validator.ts";

/** A text that Opsgenie, ServiceNow and the others take whole. */
const summary = z.string().min(1).max(130);
const description = z.string().min(1).max(4000);
const id = z.string().regex(/^[\w-]+$/);
const nameOfKey = { EventBusName: "pull-through-auditor-prod", MinimumSeverity: "medium" };

/**
 * The templates, with their parameters and what the tools take.
 *
 * Sources, read November 2026: PagerDuty, "Events API v2"; Opsgenie, "Alert API"; Jira Cloud platform, "REST API v3,
 * Create issue" and "Atlassian Document Format"; ServiceNow, "Table API".
 */
const outlets = {
  "alerts-pagerduty.yml": {
    parameters: { ...nameOfKey, IntegrationKey: "0123456789abcdef0123456789abcdef" },
    opens: z.strictObject({
      event_action: z.literal("trigger"),
      dedup_key: id.max(255),
      client: z.string(),
      client_url: z.string(),
      payload: z.strictObject({
        summary: z.string().min(1).max(1024),
        source: z.string().min(1),
        severity: z.enum(["critical", "error", "warning", "info"]),
        timestamp: z.iso.datetime(),
        group: z.string(),
        class: z.string(),
        custom_details: z.record(z.string(), z.unknown()),
      }),
    }),
    closes: z.strictObject({ event_action: z.literal("resolve"), dedup_key: id.max(255) }),
    keyOf: (body: unknown) => z.object({ dedup_key: z.string() }).parse(body).dedup_key,
  },
  "alerts-opsgenie.yml": {
    parameters: { ...nameOfKey, ApiKey: "01234567-89ab-cdef-0123-456789abcdef" },
    opens: z.strictObject({
      message: summary,
      alias: id.max(512),
      description: z.string().max(15_000),
      priority: z.enum(["P1", "P2", "P3", "P4", "P5"]),
      source: z.string().max(100),
      entity: z.string().max(512),
      tags: z.array(z.string().max(50)).max(20),
      details: z.record(z.string(), z.string()),
    }),
    closes: z.strictObject({ source: z.string().max(100), note: z.string().max(25_000) }),
    keyOf: (body: unknown) => z.object({ alias: z.string() }).parse(body).alias,
  },
  "alerts-jira.yml": {
    parameters: {
      ...nameOfKey,
      SiteUrl: "https://example.atlassian.net",
      UserEmail: "robot@example.com",
      ApiToken: "0123456789abcdef0123456789abcdef",
      ProjectKey: "OPS",
    },
    opens: z.strictObject({
      fields: z.strictObject({
        project: z.strictObject({ key: z.literal("OPS") }),
        issuetype: z.strictObject({ name: z.literal("Task") }),
        // A summary with a line break is refused.
        summary: z.string().min(1).max(255).regex(/^.*$/),
        labels: z.tuple([
          z.literal("pull-through-auditor"),
          z.templateLiteral(["severity-", z.enum(severities)]),
          id,
        ]),
        description: z.strictObject({
          type: z.literal("doc"),
          version: z.literal(1),
          content: z.tuple([
            z.strictObject({
              type: z.literal("codeBlock"),
              content: z.tuple([
                z.strictObject({ type: z.literal("text"), text: z.string().min(1).max(32_767) }),
              ]),
            }),
          ]),
        }),
      }),
    }),
    closes: null,
    keyOf: (body: unknown) =>
      z.object({ fields: z.object({ labels: z.tuple([z.string(), z.string(), z.string()]) }) }).parse(body)
        .fields.labels[2],
  },
  "alerts-servicenow.yml": {
    parameters: {
      ...nameOfKey,
      InstanceUrl: "https://example.service-now.com",
      UserName: "robot",
      Password: "0123456789",
    },
    opens: z.strictObject({
      short_description: z.string().min(1).max(160),
      description,
      impact: z.enum(["1", "2", "3"]),
      urgency: z.enum(["1", "2", "3"]),
      correlation_id: id.max(100),
      correlation_display: z.string().max(100),
    }),
    closes: null,
    keyOf: (body: unknown) => z.object({ correlation_id: z.string() }).parse(body).correlation_id,
  },
} as const;

const files = Object.keys(outlets);

it("every template of another tool is tried here, and named in the document with each parameter that must be given", () => {
  const templates = readdirSync(packageFile("deploy")).filter((name) => name.startsWith("alerts-"));
  expect(templates).toEqual(files.toSorted());
  const document = readFileSync(packageFile("docs/alerts.md"), "utf8");
  for (const file of files) {
    expect(document, file).toContain(`../deploy/${file}`);
    for (const name of requiredParameters(file)) expect(document, file).toContain(name);
  }
});

function requiredParameters(file: string): readonly string[] {
  const parameters = parametersOf(file);
  return Object.keys(parameters).filter((name) => parameters[name]?.Default === undefined);
}

const parameterSchema = z.looseObject({
  Default: z.string().optional(),
  NoEcho: z.boolean().optional(),
});

function parametersOf(file: string) {
  const schema = z.object({ Parameters: z.record(z.string(), parameterSchema) });
  return schema.parse(readMemberTemplate(file)).Parameters;
}

type Event = ReturnType<typeof delivered>;

function eventsOf(overrides: Parameters<typeof aReport>[0]): readonly Event[] {
  return renderEvents(aReport(overrides), { reportLocation: null }).map(delivered);
}

function findingEvent(overrides: Parameters<typeof aFinding>[0], baseline = false): Event {
  const [event] = eventsOf({ findings: [aFinding(overrides)], baseline });
  if (event === undefined) throw new Error("no event");
  return event;
}

/** The bodies that a template's rules send for an event. */
function sent(rules: readonly OutletRule[], event: Event): readonly unknown[] {
  return rules
    .filter(({ pattern }) => matches(pattern, event))
    .map(({ transformer }) => transformed(transformer, event));
}

describe.each(Object.entries(outlets))("%s", (file, { parameters, opens, closes, keyOf }) => {
  const template = readMemberTemplate(file);
  const rules = outletRules(template, parameters);
  const body = (event: Event) => {
    const bodies = sent(rules, event);
    expect(bodies).toHaveLength(1);
    return bodies[0];
  };

  it("pleases AWS's rules, for each severity", () => {
    for (const MinimumSeverity of ["critical", "high", "medium"]) {
      expect(complaintsAboutFile(packageFile(`deploy/${file}`), { ...parameters, MinimumSeverity })).toEqual(
        [],
      );
    }
  });

  it("takes its secrets by parameters that are not shown, and no other way", () => {
    const secrets = Object.entries(parametersOf(file)).filter(([, { NoEcho }]) => NoEcho === true);
    expect(secrets.length).toBe(1);
    const { resources } = effective(template, parameters);
    for (const [name] of secrets) {
      const users = [...resources].filter(([, { refersTo }]) => refersTo.has(name));
      expect(users.map(([, { type }]) => type)).toEqual(["AWS::Events::Connection"]);
    }
  });

  it("keeps what the tool does not accept, after a day of attempts", () => {
    expect(rules.length).toBeGreaterThan(0);
    for (const { target } of rules) {
      expect(target.RetryPolicy).toEqual({ MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 });
    }
    const { resources } = effective(template, parameters);
    for (const { name } of rules) {
      const properties = resources.get(name)?.properties;
      expect(properties).toMatchObject({
        Targets: [
          {
            RoleArn: { "Fn::GetAtt": ["DeliveryRole", "Arn"] },
            DeadLetterConfig: { Arn: { "Fn::GetAtt": ["DeadLetters", "Arn"] } },
          },
        ],
      });
    }
  });

  it("takes from events only what their schema promises", () => {
    const schema: unknown = JSON.parse(
      readFileSync(packageFile("policies/events/finding.schema.json"), "utf8"),
    );
    for (const { name, transformer, target } of rules) {
      const paths = [
        ...Object.values(transformer.InputPathsMap),
        ...(target.HttpParameters?.PathParameterValues ?? []),
      ];
      for (const path of paths) expect(isPromised(path, schema), `${name}: ${path}`).toBe(true);
    }
  });

  it("opens one for a finding of each severity that is wanted", () => {
    const delivers = (given: string) =>
      severities.filter(
        (severity) =>
          sent(outletRules(template, { ...parameters, MinimumSeverity: given }), findingEvent({ severity }))
            .length > 0,
      );
    expect(delivers("critical")).toEqual(["critical"]);
    expect(delivers("high")).toEqual(["critical", "high"]);
    expect(delivers("medium")).toEqual(["critical", "high", "medium"]);
  });

  it("says how severe each is, in the tool's own words", () => {
    const wanted: readonly Severity[] = ["critical", "high", "medium"];
    const bodies = wanted.map((severity) => JSON.stringify(opens.parse(body(findingEvent({ severity })))));
    expect(new Set(bodies).size).toBe(3);
    expect(bodies).toMatchSnapshot();
  });

  it("opens one for what is new or changed, under the finding's id, and none for a first audit", () => {
    for (const transition of ["opened", "changed"] as const) {
      const event = findingEvent({ id: "8c1f6a0e5b2d47939ad0c5e7714f3b26", transition });
      expect(keyOf(opens.parse(body(event)))).toBe("8c1f6a0e5b2d47939ad0c5e7714f3b26");
    }
    expect(sent(rules, findingEvent({}, true))).toEqual([]);
    const others = eventsOf({ findings: [], drift: [aDrift()] });
    expect(others.flatMap((event) => sent(rules, event))).toEqual([]);
  });

  it("closes it when the finding is resolved, whatever its severity, if the tool can find it", () => {
    for (const severity of severities) {
      const event = findingEvent({ transition: "resolved", severity });
      if (closes === null) expect(sent(rules, event)).toEqual([]);
      else expect(closes.safeParse(body(event)).error).toBeUndefined();
    }
  });

  it("reminds of what stays open where that does not open another", () => {
    expect(sent(rules, findingEvent({ transition: "reminded" }))).toHaveLength(closes === null ? 0 : 1);
  });

  it.each(Object.entries(hostileTexts))("stays whole with hostile text: %s", (_, text) => {
    const event = findingEvent({
      prefix: text,
      accountName: text,
      title: text,
      message: text,
      remediation: text,
      steps: [{ text, commands: [text] }],
      owner: { name: text, contact: text },
      data: { text },
    });
    expect(opens.safeParse(body(event)).error).toBeUndefined();
  });

  it.each([
    ["a finding of a whole registry", { prefix: null, accountName: null }],
    ["one of all accounts", { account: "*", region: "*", prefix: null, accountName: null }],
  ])("takes %s", (_, overrides) => {
    expect(opens.safeParse(body(findingEvent(overrides))).error).toBeUndefined();
  });

  it("bounds its role if the organization demands it", () => {
    const bounded = { ...parameters, PermissionsBoundary: "platform/boundary" };
    const boundaryOf = (given: Readonly<Record<string, string>>) =>
      effective(template, given).resources.get("DeliveryRole")?.properties["PermissionsBoundary"];
    expect(JSON.stringify(boundaryOf(bounded))).toContain("policy/");
    expect(boundaryOf(parameters)).toBeUndefined();
  });

  it("has the same role, queue and conditions as the others", () => {
    const parts = ["DeadLetters", "DeadLettersPolicy", "DeliveryRole"] as const;
    const partsOf = (name: string) => {
      const { resources } = effective(readMemberTemplate(name), parameters);
      return parts.map((part) => {
        const properties = JSON.stringify(resources.get(part)?.properties);
        // The role may invoke the destinations of its own template.
        return properties.replace(/"Resource":\[\{"Fn::GetAtt":.*?\}\]/, '"Resource":[]');
      });
    };
    expect(partsOf(file)).toEqual(partsOf("alerts-pagerduty.yml"));
    const { resources } = effective(template, parameters);
    const destinations = [...resources].filter(([, { type }]) => type === "AWS::Events::ApiDestination");
    expect(resources.get("DeliveryRole")?.properties).toMatchObject({
      Policies: [
        {
          PolicyDocument: {
            Statement: [
              {
                Action: "events:InvokeApiDestination",
                Resource: destinations.map(([name]) => ({ "Fn::GetAtt": [name, "Arn"] })),
              },
            ],
          },
        },
      ],
    });
  });
});

it("Opsgenie closes the alert that it opened", () => {
  const { parameters, keyOf } = outlets["alerts-opsgenie.yml"];
  const rules = outletRules(readMemberTemplate("alerts-opsgenie.yml"), parameters);
  const [opened] = sent(rules, findingEvent({}));
  const close = rules.find(({ name }) => name === "Close");
  const [path = ""] = close?.target.HttpParameters?.PathParameterValues ?? [];
  const value = stepsOf(path).reduce<unknown>(
    (part, key) => Reflect.get(Object(part), key),
    findingEvent({ transition: "resolved" }),
  );
  expect(value).toBe(keyOf(opened));
  expect(close?.target.HttpParameters?.QueryStringParameters).toEqual({ identifierType: "alias" });
});

/** Whether events have a path always, by the schema of their `detail`. */
function isPromised(path: string, schema: unknown): boolean {
  const objectSchema = z.object({
    properties: z.record(z.string(), z.unknown()),
    required: z.array(z.string()),
  });
  const [first, ...steps] = stepsOf(path);
  if (first !== "detail") return false;
  let part = schema;
  for (const step of steps) {
    const { data } = objectSchema.safeParse(part);
    if (data === undefined || !data.required.includes(step)) return false;
    part = data.properties[step];
  }
  return true;
}
