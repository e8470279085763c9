import * as z from "zod";
import { parseJson } from "../../core/json-file.ts";
import type { Registry } from "../../ecr/registry.ts";
import { accountIdSchema, regionSchema } from "../../ecr/target.ts";
import type { ChangedThing, ObservedChange } from "../../schemas/change.ts";
import type { ChangedBy } from "../../schemas/finding.ts";

const ECR = "ecr.amazonaws.com";
const SECRETS_MANAGER = "secretsmanager.amazonaws.com";

/** A call that changes what audits look at, and the request parameter that names the changed thing. */
type ChangingCall = {
  readonly eventSource: typeof ECR | typeof SECRETS_MANAGER;
  readonly thing: ChangedThing;
  readonly nameIn: "ecrRepositoryPrefix" | "prefix" | "secretId" | null;
};

const ofRules = { eventSource: ECR, thing: "rule", nameIn: "ecrRepositoryPrefix" } as const;
const ofTemplates = { eventSource: ECR, thing: "creation-template", nameIn: "prefix" } as const;
const ofSecrets = { eventSource: SECRETS_MANAGER, thing: "secret", nameIn: "secretId" } as const;
const ofRegistryPolicy = { eventSource: ECR, thing: "registry-policy", nameIn: null } as const;

/** The calls that lead to an audit. The event patterns in `deploy` and `serverless` name the same. */
export const changingCalls = {
  CreatePullThroughCacheRule: ofRules,
  UpdatePullThroughCacheRule: ofRules,
  DeletePullThroughCacheRule: ofRules,
  PutRegistryPolicy: ofRegistryPolicy,
  DeleteRegistryPolicy: ofRegistryPolicy,
  PutRegistryScanningConfiguration: { eventSource: ECR, thing: "scanning", nameIn: null },
  CreateRepositoryCreationTemplate: ofTemplates,
  UpdateRepositoryCreationTemplate: ofTemplates,
  DeleteRepositoryCreationTemplate: ofTemplates,
  PutSecretValue: ofSecrets,
  UpdateSecret: ofSecrets,
  DeleteSecret: ofSecrets,
  RestoreSecret: ofSecrets,
} as const satisfies Readonly<Record<string, ChangingCall>>;

export type ChangingCallName = keyof typeof changingCalls;

/** The names of {@link changingCalls}. */
export const changingCallNames = Object.keys(changingCalls).filter(isChangingCall);

/** The names of the calls that change what `isAsked` chooses. */
export function callsOn(isAsked: (thing: ChangedThing) => boolean): readonly ChangingCallName[] {
  return changingCallNames.filter((name) => isAsked(changingCalls[name].thing));
}

function isChangingCall(name: string): name is ChangingCallName {
  return Object.hasOwn(changingCalls, name);
}

/** The most characters of a text that its caller chooses: longer ones are cut, so that no event fills the state. */
const mostCharacters = 300;

const shortText = z.string().transform((text) => text.slice(0, mostCharacters));
const optionalText = shortText.nullish().catch(null);

/** The identity of a caller (AWS CloudTrail user guide, "CloudTrail userIdentity element", November 2026). */
const identitySchema = z
  .looseObject({
    arn: optionalText,
    invokedBy: optionalText,
    sessionContext: z
      .looseObject({ sessionIssuer: z.looseObject({ arn: optionalText }).nullish().catch(null) })
      .nullish()
      .catch(null),
  })
  .nullish()
  .catch(null);

/** Only what decides about the audit must be right: the audit of a change whose author is not readable goes on. */
const commonSchema = z.looseObject({
  eventSource: z.enum([ECR, SECRETS_MANAGER]),
  eventName: z.enum(changingCallNames),
  awsRegion: regionSchema,
  requestParameters: z.unknown(),
  userIdentity: identitySchema,
  eventTime: z.iso.datetime().nullish().catch(null),
  sourceIPAddress: optionalText,
  eventID: optionalText,
});

const nameProblem = "must be a text of 1 to 2,048 characters";
const nameSchema = z.string(nameProblem).min(1, nameProblem).max(2_048, nameProblem);

/** A call in CloudTrail's form (AWS CloudTrail user guide, "CloudTrail record contents", November 2026). */
export const callRecordSchema = commonSchema.transform((record, context) => {
  const { eventSource, eventName, awsRegion, requestParameters } = record;
  const { thing, nameIn, eventSource: expected } = changingCalls[eventName];
  if (eventSource !== expected) {
    context.issues.push({
      code: "custom",
      path: ["eventSource"],
      message: `must be ${expected} for ${eventName}`,
      input: eventSource,
    });
    return z.NEVER;
  }
  const named = nameIn === null ? null : z.looseObject({ [nameIn]: nameSchema }).safeParse(requestParameters);
  if (named !== null && !named.success) {
    for (const { path, message } of named.error.issues) {
      context.issues.push({
        code: "custom",
        path: ["requestParameters", ...path],
        message,
        input: requestParameters,
      });
    }
    return z.NEVER;
  }
  const name = named === null || nameIn === null ? null : String(named.data[nameIn]);
  return { region: awsRegion, thing, name, action: eventName, by: changedByOf(record) };
});

/** The change that a call in the registry of `account` made. */
export function changeIn(account: string, record: z.infer<typeof callRecordSchema>): ObservedChange {
  return { account: accountIdSchema.parse(account), ...record };
}

/** A call that failed, and so changed nothing. */
const failedSchema = z.looseObject({ errorCode: z.string().min(1) });

/**
 * The change that a record of CloudTrail's event history tells; none if the call failed, is not one of
 * {@link changingCalls}, is of another region, or cannot be read.
 *
 * @param record the call in CloudTrail's form as a text of JSON, untrusted
 */
export function changesIn({ account, region }: Registry, record: string): readonly ObservedChange[] {
  const call = parsedOrNull(record);
  if (failedSchema.safeParse(call).success) return [];
  const { data } = callRecordSchema.safeParse(call);
  return data === undefined || data.region !== region ? [] : [changeIn(account, data)];
}

function parsedOrNull(text: string): unknown {
  try {
    return parseJson(text, "cloudtrail:LookupEvents");
  } catch {
    return null;
  }
}

/**
 * Who made a call. A role is named by its own ARN, without the session; a service that calls for itself, by its name.
 *
 * @returns `null` if the record does not name a principal, a time and an ID
 */
function changedByOf({
  userIdentity,
  eventTime,
  sourceIPAddress,
  eventID,
}: z.infer<typeof commonSchema>): ChangedBy | null {
  const role = userIdentity?.sessionContext?.sessionIssuer?.arn ?? null;
  const caller = userIdentity?.arn ?? userIdentity?.invokedBy ?? null;
  const arn = role ?? caller;
  if (!arn || !eventTime || !eventID) return null;
  const sessionName = role === null ? null : sessionIn(userIdentity?.arn ?? "");
  return { arn, sessionName, at: eventTime, sourceIp: sourceIPAddress ?? null, eventId: eventID };
}

/** The name of the session in an ARN such as `arn:aws:sts::111122223333:assumed-role/deploy/alice`. */
function sessionIn(arn: string): string | null {
  const [, , session] = arn.split("/");
  return session === undefined || session === "" ? null : session;
}
