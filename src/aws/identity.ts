import { AsyncLocalStorage } from "node:async_hooks";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { CannotStartError, type Identity } from "../audit/ports.ts";
import { messageOf } from "../core/errors.ts";
import { nameIn } from "./answer.ts";
import type { ClientDefaults } from "./http.ts";
import { operation } from "./operation.ts";
import type { Lane } from "./pace/lane.ts";

/** The credentials and the lane of a call. */
export type Caller = { readonly credentials: STSClient["config"]["credentials"]; readonly lane: Lane };

const callers = new AsyncLocalStorage<Caller>();

/** Runs `work`. Its calls through clients with {@link callerCredentials} use the caller's credentials. */
export function callingAs<Answer>(caller: Caller, work: () => Promise<Answer>): Promise<Answer> {
  return callers.run(caller, work);
}

/**
 * The credentials of the current caller, for clients that serve all accounts. `memoized` keeps the SDK from caching the
 * first caller's credentials for all others (`@aws-sdk/core`, resolveAwsSdkSigV4Config, November 2026).
 */
export const callerCredentials = Object.assign(() => current().credentials(), { memoized: true });

/** The lane of the current caller. */
export function callerLane(): Lane {
  return current().lane;
}

function current(): Caller {
  const caller = callers.getStore();
  if (caller === undefined) throw new Error("a call was made without a caller");
  return caller;
}

const getCallerIdentity = operation({
  name: "sts:GetCallerIdentity",
  command: GetCallerIdentityCommand,
  send: (client: STSClient, command) => client.send(command),
  read: ({ Account: account }) => nameIn(account, "Account"),
  isRepeatable: true,
});

/**
 * Determines the AWS identity of the audit.
 *
 * @throws CannotStartError without a region or valid credentials
 */
export async function identify(sts: STSClient): Promise<Identity> {
  try {
    const region = await sts.config.region();
    return { account: await getCallerIdentity(sts, {}), region };
  } catch (error) {
    throw new CannotStartError(
      `Could not determine the AWS identity (sts:GetCallerIdentity failed): ${messageOf(error)}\nSet credentials and a region (AWS_PROFILE, AWS_REGION), and try: aws sts get-caller-identity`,
      { cause: error },
    );
  }
}

/** The AWS identity, for callers that read no other facts. @throws CannotStartError as {@link identify} */
export async function identifyHub(defaults: ClientDefaults): Promise<Identity> {
  return identify(new STSClient(defaults));
}
