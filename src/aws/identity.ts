import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { CannotStartError, type Identity } from "../audit/ports.ts";
import { messageOf } from "./errors.ts";
import type { ClientDefaults } from "./http.ts";

/**
 * Who the audit runs as.
 *
 * @throws CannotStartError without region or working credentials
 */
export async function identify(sts: STSClient): Promise<Identity> {
  try {
    const region = await sts.config.region();
    const { Account: account } = await sts.send(new GetCallerIdentityCommand({}));
    if (account === undefined) throw new Error("STS named no account");
    return { account, region };
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
