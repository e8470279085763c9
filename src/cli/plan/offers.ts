import { InvalidArgumentError } from "@commander-js/extra-typings";
import { isKnownUpstream } from "../../model/upstream.ts";
import { parseRoleArn, parseSecretArn } from "../../policy/arn.ts";
import type { Offers } from "../../remedy/decide-access.ts";

type Credential = Offers["credentials"][number];

/** Reads one more `--credential UPSTREAM=ARN`. */
export function credentialOffer(text: string, previous: readonly Credential[]): readonly Credential[] {
  const [, upstream = "", arn = ""] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (!isKnownUpstream(upstream) || parseSecretArn(arn) === null) {
    throw new InvalidArgumentError(`"${text}" must be UPSTREAM=SECRET_ARN, such as docker-hub=arn:aws:….`);
  }
  return [...previous, { upstream, arn }];
}

/** Reads one more `--role ARN`. */
export function roleOffer(text: string, previous: readonly string[]): readonly string[] {
  if (parseRoleArn(text) === null) throw new InvalidArgumentError(`"${text}" must be the ARN of a role.`);
  return [...previous, text];
}
