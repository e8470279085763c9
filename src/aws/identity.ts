import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { CannotStartError, type Identity } from "../audit/ports.ts";
import { messageOf } from "../core/errors.ts";
import { nameIn } from "./answer.ts";
import { operation } from "./operation.ts";
import { startHint } from "./start-hint.ts";

const getCallerIdentity = operation({
  name: "sts:GetCallerIdentity",
  command: GetCallerIdentityCommand,
  send: (client: STSClient, command) => client.send(command),
  read: ({ Account: account }) => nameIn(account, "Account"),
  isRepeatable: true,
});

/**
 * The identity that the audit runs as.
 *
 * @throws CannotStartError without a region or valid credentials
 */
export async function identify(sts: STSClient): Promise<Identity> {
  try {
    const region = await sts.config.region();
    return { account: await getCallerIdentity(sts, {}), region };
  } catch (error) {
    throw new CannotStartError(
      `Could not determine the AWS identity (sts:GetCallerIdentity failed): ${messageOf(error)}\n${startHint(error, process.env)}\nTo try: aws sts get-caller-identity`,
      { cause: error },
    );
  }
}
