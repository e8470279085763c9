import * as z from "zod";
import { ConfigurationError, type Problem } from "../core/problem.ts";
import { locationProblem } from "./location.ts";

/** How the auditor is set up: read from the environment, and on the command line from options before it. */
export type Settings = {
  /** Where the policy stands: a path or `s3://bucket/key`; `null` for the one that comes with the auditor. */
  readonly policy: string | null;
  /** The role assumed in every account but the auditor's own. */
  readonly roleName: string;
  readonly externalId: string | null;
  readonly topicArn: string | null;
  readonly eventBus: string | null;
  /** Where audits are remembered: a folder or `s3://bucket/prefix`; `null` for nowhere. */
  readonly store: string | null;
  /** Whether findings go to Security Hub. */
  readonly securityHub: boolean;
  /** Calls to AWS under way at once. */
  readonly concurrency: number;
  /** Seconds after which a failed validation is asked again. */
  readonly confirmAfterSeconds: number;
  /** Seconds after which a call without an answer is given up. */
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

/** The variables, each with the pattern that AWS gives for what it names (API references, November 2026). */
const variables = {
  AUDIT_POLICY: location,
  AUDIT_ROLE_NAME: z.string().regex(/^[\w+=,.@-]{1,64}$/, "must be the name of an IAM role, without a path"),
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
      "must be an event bus's name or ARN",
    ),
  AUDIT_STORE: location,
  AUDIT_SECURITY_HUB: z.enum(["true", "false"], { error: "must be true or false" }),
  AUDIT_CONCURRENCY: count(1_000),
  AUDIT_CONFIRM_AFTER_SECONDS: seconds,
  // The transport takes 0 for: no limit.
  AUDIT_REQUEST_TIMEOUT_SECONDS: seconds.refine((value) => value > 0, "must be more than 0"),
} as const satisfies Record<string, z.ZodType>;

const variablesSchema = z.object(variables).partial();

/** The environment's variables that set the auditor up. */
export const settingNames: readonly string[] = Object.keys(variables);

/** What is wrong with a setting as it was written, such as `must be a whole number`; `null` when nothing is. */
export function settingProblem(name: keyof typeof variables, text: string): string | null {
  return variables[name].safeParse(text).error?.issues[0]?.message ?? null;
}

/** The settings of the functions that share one audit: they hand each other their work through the store. */
export type FleetSettings = Settings & { readonly store: string };

/**
 * Reads the settings as {@link readSettings} does, for functions that share one audit.
 *
 * @throws ConfigurationError with every problem at once, a store that is not in S3 among them
 */
export function readFleetSettings(environment: Readonly<Record<string, string | undefined>>): FleetSettings {
  const store = environment["AUDIT_STORE"] ?? "";
  const missing = {
    path: "AUDIT_STORE",
    message:
      "must be s3://bucket/prefix: through it, the functions that share an audit hand each other their work",
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
 * Reads the settings. An empty variable counts as not set: templates leave them so.
 *
 * @throws ConfigurationError with every problem at once, unknown `AUDIT_` variables among them
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.entries(environment).filter(
    ([name, value]) => name.startsWith("AUDIT_") && value !== undefined && value !== "",
  );
  const parsed = variablesSchema.safeParse(Object.fromEntries(given));
  const problems: Problem[] = [
    ...given
      .filter(([name]) => !settingNames.includes(name))
      .map(([name]) => ({ path: name, message: `is not a setting; there are ${settingNames.join(", ")}` })),
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
    securityHub: data.AUDIT_SECURITY_HUB === "true",
    concurrency: data.AUDIT_CONCURRENCY ?? 50,
    confirmAfterSeconds: data.AUDIT_CONFIRM_AFTER_SECONDS ?? 5,
    requestTimeoutSeconds: data.AUDIT_REQUEST_TIMEOUT_SECONDS ?? 10,
  };
}
