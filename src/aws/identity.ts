import { AsyncLocalStorage } from "node:async_hooks";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { CannotStartError, type Identity } from "../audit/ports.ts";
import { messageOf } from "../core/errors.ts";
import { nameIn } from "./answer.ts";
import type { ClientDefaults } from "./http.ts";
import { operation } from "./operation.ts";
import type { Lane } from "./pace/lane.ts";

/** In whose name a call is made, and by which lane it goes. */
export type Caller = { readonly credentials: STSClient["config"]["credentials"]; readonly lane: Lane };

const callers = new AsyncLocalStorage<Caller>();

/** Does `work`, all of whose calls through clients with {@link callerCredentials} are the caller's. */
export function callingAs<Answer>(caller: Caller, work: () => Promise<Answer>): Promise<Answer> {
  return callers.run(caller, work);
}

/**
 * The credentials of whoever is calling, for clients that serve all accounts. `memoized` keeps the SDK from
 * remembering the first caller's for all others (`@aws-sdk/core`, resolveAwsSdkSigV4Config, November 2026).
 */
export const callerCredentials = Object.assign(() => current().credentials(), { memoized: true });

/** The lane of whoever is calling. */
export function callerLane(): Lane {
  return current().lane;
}

function current(): Caller {
  const caller = callers.getStore();
  if (caller === undefined) throw new Error("a call was made in nobody's name");
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
 * Who the audit runs as.
 *
 * @throws CannotStartError without region or working credentials
 */
export async function identify(sts: STSClient): Promise<Identity> {
  try {
    const region = await sts.config.region();
    return { account: await getCallerIdentity(sts, {}), region };
  } catch (error) {
    throw new CannotStartError(
      `AWS did not tell who is calling: ${messageOf(error)}\nSet credentials and a region (AWS_PROFILE, AWS_REGION), and try: aws sts get-caller-identity`,
      { cause: error },
    );
  }
}

/** Who the audit runs as, for those who need nothing else of AWS's facts. @throws CannotStartError as {@link identify} */
export async function identifyHub(defaults: ClientDefaults): Promise<Identity> {
  return identify(new STSClient(defaults));
}
