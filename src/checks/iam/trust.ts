import type { Condition, Principal } from "./document.ts";

/** Whom a registry trusts. */
export type Trust = {
  readonly accounts: ReadonlySet<string>;
  /** Whether all of its organization is trusted, whose id is `null` where it is not known. */
  readonly organization: { readonly isTrusted: boolean; readonly id: string | null };
};

/**
 * Whether whoever a part of a statement stands for is trusted: all of them are, some are not, or it can not be
 * told — because it is not known which organization is ours, or because we do not understand what is written.
 */
export type Answer = "trusted" | "untrusted" | "organization-unknown" | "not-understood";

/** The answer on several of which any one is enough to let somebody in: the worst one counts. */
export function worstOf(answers: readonly Answer[]): Answer {
  const worstFirst = ["untrusted", "not-understood", "organization-unknown"] as const;
  return worstFirst.find((answer) => answers.includes(answer)) ?? "trusted";
}

const accountId = /^\d{12}$/;
const iamArn = /^arn:[a-z0-9-]+:(?:iam|sts)::(?<account>\d{12}):./;

/**
 * Whether a principal is trusted. Roles and users are trusted as their account is: it decides who may use them.
 * A service is not: anybody can have it act, unless a condition says for whom. Ids such as `AROA…` stand for
 * principals that were deleted, and are not understood.
 */
export function trustInPrincipal({ type, id }: Principal, { accounts }: Trust): Answer {
  const account = accountId.test(id) ? id : iamArn.exec(id)?.groups?.["account"];
  if (type === "CanonicalUser") return "not-understood";
  if (type === "AWS" && id !== "*" && account === undefined) return "not-understood";
  return account !== undefined && type !== "Service" && accounts.has(account) ? "trusted" : "untrusted";
}

type Key = { readonly says: "account" | "organization"; readonly isAlwaysThere: boolean };

/**
 * The keys that say whose request it is, in small letters: capitals in them make no difference. One that is not
 * always there is missing from the requests of outsiders, so that a condition `…IfExists` on it lets them in.
 *
 * Source: IAM user guide, "AWS global condition context keys", November 2026.
 */
const keys: ReadonlyMap<string, Key> = new Map([
  ["aws:principalorgid", { says: "organization", isAlwaysThere: false }],
  ["aws:principalaccount", { says: "account", isAlwaysThere: true }],
  ["aws:sourceaccount", { says: "account", isAlwaysThere: false }],
]);

const sameAs = /^String(?:Equals|EqualsIgnoreCase|Like)(?<ifExists>IfExists)?$/;
const otherThan = /^StringNot(?:Equals|EqualsIgnoreCase|Like)(?:IfExists)?$/;

/** Whether all whom a condition lets through are trusted. */
export function trustInside({ operator, key: name, values }: Condition, trust: Trust): Answer {
  const key = keys.get(name.toLowerCase());
  const match = sameAs.exec(operator);
  if (key === undefined || match === null) return "not-understood";
  if (match.groups?.["ifExists"] !== undefined && !key.isAlwaysThere) return "untrusted";
  return worstOf(values.map((value) => trustInValue(key, value, trust)));
}

/** Whether all whom a condition leaves alone are trusted, so that a Deny under it hits everybody else. */
export function trustOutside({ operator, key: name, values }: Condition, trust: Trust): Answer {
  const key = keys.get(name.toLowerCase());
  if (key === undefined || !otherThan.test(operator)) return "not-understood";
  return worstOf(values.map((value) => trustInValue(key, value, trust)));
}

/** Policy variables are not understood; a wildcard stands for more than one account or organization. */
function trustInValue({ says }: Key, value: string, { accounts, organization }: Trust): Answer {
  if (value.includes("${")) return "not-understood";
  if (says === "account") return accounts.has(value) ? "trusted" : "untrusted";
  if (!organization.isTrusted || /[*?]/.test(value)) return "untrusted";
  if (organization.id === null) return "organization-unknown";
  return value.toLowerCase() === organization.id ? "trusted" : "untrusted";
}
