import * as z from "zod";
import { didYouMean } from "../core/closest.ts";
import { ConfigurationError, type Problem } from "../core/problem.ts";
import { keysOf } from "../core/records.ts";
import { locationProblem } from "./location.ts";

/** The auditor's settings, from the environment. On the command line, options take precedence. */
export type Settings = {
  /** The location of the policy: a path or `s3://bucket/key`; `null` for the policy in the package. */
  readonly policy: string | null;
  /** The role to assume in every other account. */
  readonly roleName: string;
  readonly externalId: string | null;
  readonly topicArn: string | null;
  readonly eventBus: string | null;
  /** Where reports and state are stored: a folder or `s3://bucket/prefix`; `null`: nothing is stored. */
  readonly store: string | null;
  /** How reports in S3 are locked, with the days from when they are stored; `null`: not at all. */
  readonly storeLock: { readonly mode: "GOVERNANCE" | "COMPLIANCE"; readonly days: number } | null;
  /** Whether findings go to Security Hub. */
  readonly securityHub: boolean;
  /** The maximum number of concurrent AWS calls. */
  readonly concurrency: number;
  /** Seconds after which a failed validation is repeated. */
  readonly confirmAfterSeconds: number;
  /** Seconds after which a call without an answer times out. */
  readonly requestTimeoutSeconds: number;
};

const count = (max: number) =>
  z
    .string()
    .regex(/^\d+$/, "must be a whole number")
    .transform(Number)
    .refine((value) => value >= 1 && value <= max, `must be from 1 to ${max}`);

const seconds = z
  .string()
  .regex(/^\d+(\.\d+)?$/, "must be a number of seconds")
  .transform(Number)
  .refine((value) => value <= 300, "must be at most 300");

const location = z.string().check((text) => {
  const problem = locationProblem(text.value);
  if (problem !== null) text.issues.push({ code: "custom", message: problem, input: text.value });
});

/** The environment variables, each with the pattern that AWS documents (API references, November 2026). */
const variables = {
  AUDIT_POLICY: location,
  AUDIT_ROLE_NAME: z
    .string()
    .regex(
      /^([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/,
      "must be the name of an IAM role, after its path if it has one, such as team/role",
    ),
  AUDIT_EXTERNAL_ID: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/, "must be an external id of 2 to 1224 characters"),
  AUDIT_TOPIC_ARN: z
    .string()
    .regex(/^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, "must be the ARN of an SNS topic"),
  AUDIT_EVENT_BUS: z
    .string()
    .regex(
      /^(arn:aws[\w-]*:events:[a-z0-9-]+:\d{12}:event-bus\/)?[\w./-]{1,256}$/,
      "must be the name or ARN of an event bus",
    ),
  AUDIT_STORE: location,
  AUDIT_STORE_LOCK: z
    .string()
    .regex(
      /^(GOVERNANCE|COMPLIANCE) [1-9]\d{0,4}$/,
      "must be GOVERNANCE or COMPLIANCE and a number of days, such as GOVERNANCE 400",
    )
    .transform((text) => {
      const [mode, days] = text.split(" ");
      return {
        mode: mode === "COMPLIANCE" ? ("COMPLIANCE" as const) : ("GOVERNANCE" as const),
        days: Number(days),
      };
    }),
  AUDIT_SECURITY_HUB: z.enum(["true", "false"], { error: "must be true or false" }),
  AUDIT_CONCURRENCY: count(1_000),
  AUDIT_CONFIRM_AFTER_SECONDS: seconds,
  // 0 would mean no limit to the HTTP transport.
  AUDIT_REQUEST_TIMEOUT_SECONDS: seconds.refine((value) => value > 0, "must be more than 0"),
} as const satisfies Record<string, z.ZodType>;

const variablesSchema = z.object(variables).partial();

/** The name of an environment variable with a setting. */
export type SettingName = keyof typeof variables;

/** The names of the environment variables with settings. */
export const settingNames = keysOf(variables);

/** Validates one setting. Returns the problem, such as `must be a whole number`, or `null`. */
export function settingProblem(name: keyof typeof variables, text: string): string | null {
  return variables[name].safeParse(text).error?.issues[0]?.message ?? null;
}

/** The settings of the fleet's functions, which share one audit and exchange files through the store. */
export type FleetSettings = Settings & { readonly store: string };

/**
 * Reads the settings of the fleet's functions, as {@link readSettings} does.
 *
 * @throws ConfigurationError with all problems, including a store that is not in S3
 */
export function readFleetSettings(environment: Readonly<Record<string, string | undefined>>): FleetSettings {
  const store = environment["AUDIT_STORE"] ?? "";
  const missing = {
    path: "AUDIT_STORE",
    message: "must be s3://bucket/prefix: the functions that share an audit exchange files through it",
  };
  const problems = store.startsWith("s3://") ? [] : [missing];
  try {
    const settings = readSettings(environment);
    if (problems.length === 0) return { ...settings, store };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    problems.push(...error.problems);
  }
  throw new ConfigurationError("Environment", problems);
}

/**
 * Reads the settings. An empty variable counts as not set, because templates leave unused variables empty.
 *
 * @throws ConfigurationError with all problems, including unknown `AUDIT_` variables
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.entries(environment).filter(
    ([name, value]) => name.startsWith("AUDIT_") && value !== undefined && value !== "",
  );
  const parsed = variablesSchema.safeParse(Object.fromEntries(given));
  const problems: Problem[] = [
    ...given
      .filter(([name]) => !Object.hasOwn(variables, name))
      .map(([name]) => ({
        path: name,
        message: `is not a setting; the settings are ${settingNames.join(", ")}${didYouMean(name, settingNames)}`,
      })),
    ...(parsed.error?.issues ?? []).map(({ path, message }) => ({ path: String(path[0]), message })),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigurationError("Environment", problems);
  const { data } = parsed;
  return {
    policy: data.AUDIT_POLICY ?? null,
    roleName: data.AUDIT_ROLE_NAME ?? "pull-through-auditor",
    externalId: data.AUDIT_EXTERNAL_ID ?? null,
    topicArn: data.AUDIT_TOPIC_ARN ?? null,
    eventBus: data.AUDIT_EVENT_BUS ?? null,
    store: data.AUDIT_STORE ?? null,
    storeLock: data.AUDIT_STORE_LOCK ?? null,
    securityHub: data.AUDIT_SECURITY_HUB === "true",
    concurrency: data.AUDIT_CONCURRENCY ?? 100,
    confirmAfterSeconds: data.AUDIT_CONFIRM_AFTER_SECONDS ?? 5,
    requestTimeoutSeconds: data.AUDIT_REQUEST_TIMEOUT_SECONDS ?? 10,
  };
}
