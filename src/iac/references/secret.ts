import { partitionOf } from "../../ecr/partition.ts";
import type { SourceLocation } from "../declared-rule.ts";
import { invalid, type Refusal } from "../refusals/refusal.ts";
import type { PartlyKnown } from "./partly-known.ts";

/** A secret that code declares beside the rule that refers to it. */
export type SecretInCode = {
  /** Its address in the tool, for messages. */
  readonly address: string;
  readonly name: PartlyKnown;
  /** The key that encrypts it: `aws/secretsmanager`, a key of the customer, or one that cannot be told. */
  readonly key: "managed" | "customer" | "unknown";
  /** The keys of its value. The value itself is never kept. */
  readonly content: SecretContent;
  /** Where it is created; unknown parts are `null`. */
  readonly location: SourceLocation;
  /** As of a rule: what has the same key is created in the same account and region. */
  readonly registryKey: string;
};

/** What code tells of the value of a secret. */
export type SecretContent =
  | { readonly state: "keys"; readonly keys: readonly string[] }
  /** A text that is not a JSON object. */
  | { readonly state: "not-an-object" }
  /** The code gives the secret no value: it is written elsewhere. */
  | { readonly state: "elsewhere" }
  | { readonly state: "unknown" };

/** Where a rule is created. */
export type PlaceOfRule = {
  readonly account: string;
  readonly region: string;
  readonly registryKey: string;
};

/** What a reference of a rule amounts to. */
export type ReferenceJudgement = {
  readonly refusals: readonly Refusal[];
  /** Why it cannot be decided whether AWS accepts it; completes a sentence that begins with the parameter. */
  readonly undecided: string | null;
};

/** The names of the secrets that ECR reads begin so (Amazon ECR user guide, "Storing your upstream repository credentials in an AWS Secrets Manager secret", November 2026). */
export const readableSecrets = "ecr-pullthroughcache/";

/** The keys that the value of a secret must have (same source). */
const requiredKeys = ["username", "accessToken"];

/**
 * Judges a secret by what the code says of it: its key and the keys of its value. Its name, account and region are
 * judged with its ARN: {@link arnOfSecret}.
 */
export function judgeSecret(secret: SecretInCode, place: PlaceOfRule): ReferenceJudgement {
  const refusals = [...refusalsOfSecret(secret)];
  return { refusals, undecided: undecidedIn(secret, place) };
}

function* refusalsOfSecret({ address, name, key, content }: SecretInCode): Generator<Refusal> {
  if (isOutOfReach(name)) {
    yield invalid("credentialArn", `names the secret ${address}, ${outOfReach(name)}`);
    return;
  }
  if (key === "customer") {
    yield {
      exception: "UnableToDecryptSecretValueException",
      parameter: "credentialArn",
      problem: `names the secret ${address}, which a customer managed key encrypts: ECR reads only secrets under the key aws/secretsmanager`,
    };
  }
  const fault = faultOf(content);
  if (fault !== null) {
    yield {
      exception: "UnableToAccessSecretException",
      parameter: "credentialArn",
      problem: `names the secret ${address}, whose value ${fault}`,
    };
  }
}

/** Whether a secret certainly has a name that ECR does not read. */
function isOutOfReach({ start, rest }: PartlyKnown): boolean {
  if (start.startsWith(readableSecrets)) return false;
  return rest === "none" || !readableSecrets.startsWith(start);
}

function outOfReach({ start, rest }: PartlyKnown): string {
  const named = rest === "none" ? `whose name is "${start}"` : `whose name begins with "${start}"`;
  return `${named}: ECR reads only secrets whose names begin with ${readableSecrets}`;
}

function faultOf(content: SecretContent): string | null {
  switch (content.state) {
    case "elsewhere":
    case "unknown":
      return null;
    case "not-an-object":
      return `is not a JSON object with the keys ${requiredKeys.join(" and ")}`;
    case "keys": {
      const missing = requiredKeys.filter((key) => !content.keys.includes(key));
      return missing.length === 0 ? null : `lacks the key ${missing.join(" and the key ")}`;
    }
  }
}

function undecidedIn(secret: SecretInCode, place: PlaceOfRule): string | null {
  const { address, name, key, content } = secret;
  // Secrets Manager accepts no name that could make the ARN invalid.
  if (name.rest === "unknown" && !name.start.startsWith(readableSecrets))
    return `names the secret ${address}, whose name is known only after deployment`;
  if (key === "unknown") {
    return `names the secret ${address}, whose key may be one of the customer, which ECR cannot use`;
  }
  if (content.state === "unknown") {
    return `names the secret ${address}, whose value is known only after deployment`;
  }
  if (isPlaceKnown(secret, place)) return null;
  return `names the secret ${address}, whose account or region is known only after deployment`;
}

function isPlaceKnown({ location, registryKey }: SecretInCode, place: PlaceOfRule): boolean {
  if (registryKey === place.registryKey) return true;
  return location.account !== null && location.region !== null;
}

/** Stands for the six characters that Secrets Manager adds to the name in the ARN. */
const suffix = "XXXXXX";

/**
 * The ARN that a secret will have, with a stand-in for what Secrets Manager adds; `null` if its name is not known.
 *
 * @param standIn completes a name of which only the beginning is known; `null` if it must not be completed
 */
export function arnOfSecret(
  { name, location, registryKey }: SecretInCode,
  place: PlaceOfRule,
  standIn: string | null,
): string | null {
  const isKnown = name.rest === "none" || (standIn !== null && name.start.startsWith(readableSecrets));
  if (!isKnown || name.start === "") return null;
  const isHere = registryKey === place.registryKey;
  const region = isHere ? place.region : (location.region ?? place.region);
  const account = isHere ? place.account : (location.account ?? place.account);
  const full = name.rest === "none" ? name.start : `${name.start}${standIn}`;
  return `arn:${partitionOf(region).id}:secretsmanager:${region}:${account}:secret:${full}-${suffix}`;
}
