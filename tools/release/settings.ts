import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";

/** A parameter of a CloudFormation template. */
export type Parameter = Readonly<Record<string, unknown>> & {
  readonly Type: string;
  readonly Description: string;
};

/** A setting that Serverless writes into the template as a value, and the release has as a parameter. */
type Setting = { readonly name: string; readonly parameter: Parameter };

/**
 * The parameters of serverless/params.yml that are only values in the packaged template, and the stage. The others are
 * parameters of the packaged template already (serverless/parameters.yml).
 */
const settings: Readonly<Record<string, Setting>> = {
  stage: {
    name: "Stage",
    parameter: {
      Description: "Name of the installation, which the names of all resources contain",
      Type: "String",
      AllowedPattern: "^[a-z][a-z0-9-]{0,15}$",
      Default: "prod",
    },
  },
  scheduleExpression: {
    name: "ScheduleExpression",
    parameter: {
      Description: "When audits start, as an EventBridge Scheduler expression",
      Type: "String",
      AllowedPattern: "^(cron|rate|at)\\(.+\\)$",
    },
  },
  timeZone: {
    name: "TimeZone",
    parameter: { Description: "Time zone of the schedule, such as Europe/Berlin", Type: "String" },
  },
  roleName: {
    name: "MemberRoleName",
    parameter: {
      Description: "Role that the auditor assumes in each audited account, after its path if it has one",
      Type: "String",
      AllowedPattern: "^([\\w+=,.@-]+/)*[\\w+=,.@-]{1,64}$",
    },
  },
  externalId: {
    name: "ExternalId",
    parameter: {
      Description: "External id that those roles require; none if empty",
      Type: "String",
      AllowedPattern: "^([\\w+=,.@:/-]{2,1224})?$",
    },
  },
  policy: {
    name: "Policy",
    parameter: {
      Description: "The policy: a path in the package, or s3://bucket/key together with PolicyObjectArn",
      Type: "String",
      MinLength: 1,
    },
  },
  concurrency: {
    name: "Concurrency",
    parameter: {
      Description: "Calls to AWS in progress at once",
      Type: "Number",
      MinValue: 1,
      MaxValue: 1_000,
    },
  },
  logRetentionInDays: {
    name: "LogRetentionInDays",
    parameter: {
      Description: "Days to keep logs",
      Type: "Number",
      // Amazon CloudWatch Logs API reference, PutRetentionPolicy, November 2026.
      AllowedValues: [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
        3653,
      ],
    },
  },
};

/** Parameters of Serverless that are no settings of the template: `--tags` gives tags, and CloudFormation forgets nothing. */
const ofServerlessAlone = ["tags", "forget"];

/** Where the code of the release lies. */
export const codeParameters: Readonly<Record<string, Parameter>> = {
  CodeBucket: {
    Description: "Bucket with the files of the release, in the region of the stack",
    Type: "String",
    AllowedPattern: "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
  },
  CodePrefix: {
    Description: "What the keys of those files begin with, such as pull-through-auditor/1.0.0/",
    Type: "String",
    AllowedPattern: "^([^/].*/)?$",
  },
};

/** A value that stands for a setting while the service is packaged. */
export type Marker = {
  /** The name in serverless/params.yml, or `stage`. */
  readonly param: string;
  readonly mark: string | number;
  /** The default of the setting. */
  readonly fallback: string | number;
  /** How the release offers it; `null` if the packaged template has a parameter with the mark as its default. */
  readonly setting: Setting | null;
};

/** Serverless takes only certain values for these. */
const givenMarks: Readonly<Record<string, string | number>> = {
  stage: "markedstage",
  logRetentionInDays: 2922,
};

/**
 * Returns the markers of all settings.
 *
 * @param project the folder of the project
 */
export function markersOf(project: string): readonly Marker[] {
  const { default: defaults } = z
    .object({ default: z.record(z.string(), z.unknown()) })
    .parse(parse(readFileSync(join(project, "serverless/params.yml"), "utf8")));
  const all: Readonly<Record<string, unknown>> = {
    stage: settings["stage"]?.parameter["Default"],
    ...defaults,
  };
  return Object.entries(all).flatMap(([param, value]) => {
    if (ofServerlessAlone.includes(param)) return [];
    const fallback = z.union([z.string(), z.number()]).parse(value);
    const mark = givenMarks[param] ?? `marked-${param}`;
    return [{ param, mark, fallback, setting: settings[param] ?? null }];
  });
}

/** The words of the command line with which Serverless packages the markers. */
export function wordsOf(markers: readonly Marker[]): readonly string[] {
  return markers.flatMap(({ param, mark }) =>
    param === "stage" ? ["--stage", String(mark)] : [`--param=${param}=${mark}`],
  );
}
