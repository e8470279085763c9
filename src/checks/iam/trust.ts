import type { Condition, Principal } from "./document.ts";

/**
 * Whom the owner of a registry trusts: the accounts and the organization that the policy file names, or, where it names
 * nobody, everyone whom the text names. Then only a text that lets everybody in is not trusted.
 */
export type Trust = NamedTrust | "whoever-is-named";

type NamedTrust = {
  readonly accounts: ReadonlySet<string>;
  /** Whether its whole organization is trusted. The id is `null` if it is not known. */
  readonly organization: { readonly isTrusted: boolean; readonly id: string | null };
};

/**
 * Whether the principals of a part of a statement are trusted: all of them are, some are not, or it is unknown, because
 * the id of the organization is not known or because the auditor cannot interpret that part.
 */
export type Answer = "trusted" | "untrusted" | "organization-unknown" | "not-understood";

/** The combined answer for several parts, each of which is enough to allow access: the worst one. */
export function worstOf(answers: readonly Answer[]): Answer {
  const worstFirst = ["untrusted", "not-understood", "organization-unknown"] as const;
  return worstFirst.find((answer) => answers.includes(answer)) ?? "trusted";
}

const accountId = /^\d{12}$/;
const iamArn = /^arn:[a-z0-9-]+:(?:iam|sts)::(?<account>\d{12}):./;

/**
 * Whether a principal is trusted. Roles and users are trusted if their account is, because the account decides who may
 * use them. Services are not trusted: any account can make them act, unless a condition restricts that. Ids such as
 * `AROA…` are those of deleted principals and cannot be interpreted.
 */
export function trustInPrincipal({ type, id }: Principal, trust: Trust): Answer {
  if (trust === "whoever-is-named") return answerOn(id !== "*");
  if (type === "CanonicalUser") return "not-understood";
  const account = accountId.test(id) ? id : accountIn(id, iamArn);
  if (account === undefined) return type === "AWS" && id !== "*" ? "not-understood" : "untrusted";
  return answerOn(type !== "Service" && trust.accounts.has(account));
}

/** The account of an ARN that matches `form`. */
function accountIn(text: string, form: RegExp): string | undefined {
  const { groups } = form.exec(text) ?? {};
  return groups?.["account"];
}

/** The answer if the principal is known. */
function answerOn(isTrusted: boolean): Answer {
  return isTrusted ? "trusted" : "untrusted";
}

/** A condition key that identifies the caller, and how conditions on it are evaluated. */
type Key = {
  /** Whether all callers with this value of the key, or with a value that matches this pattern, are trusted. */
  readonly trustIn: (value: string, trust: Trust) => Answer;
  /** The operators with which a condition holds only for these values. */
  readonly sameAs: RegExp;
  /** The operators with which a condition holds for all other values. */
  readonly otherThan: RegExp;
  /** Whose requests lack the key. An `…IfExists` condition holds for them. */
  readonly lackedBy: "nobody" | "outsiders" | "some";
};

const strings = {
  sameAs: /^String(?:Equals|EqualsIgnoreCase|Like)(?<ifExists>IfExists)?$/,
  otherThan: /^StringNot(?:Equals|EqualsIgnoreCase|Like)(?:IfExists)?$/,
} as const;

/** ARN operators compare each part of an ARN separately, which never matches more than a string comparison. */
const arns = {
  sameAs: /^(?:String(?:Equals|EqualsIgnoreCase|Like)|Arn(?:Equals|Like))(?<ifExists>IfExists)?$/,
  otherThan: /^(?:StringNot(?:Equals|EqualsIgnoreCase|Like)|ArnNot(?:Equals|Like))(?:IfExists)?$/,
} as const;

/** A request has one path, or none from outside of any organization. Without one, only `ForAllValues` holds. */
const sets = {
  sameAs: /^ForAnyValue:String(?:Equals|EqualsIgnoreCase|Like)$/,
  otherThan: /^ForAllValues:StringNot(?:Equals|EqualsIgnoreCase|Like)$/,
} as const;

/**
 * The supported condition keys by their lower-case names. Keys are case-insensitive.
 *
 * Source: IAM user guide, "AWS global condition context keys" and "Set operators for multivalued context keys",
 * November 2026.
 */
const keys: ReadonlyMap<string, Key> = new Map<string, Key>([
  ["aws:principalorgid", { trustIn: trustInOrganization, ...strings, lackedBy: "outsiders" }],
  ["aws:principalorgpaths", { trustIn: trustInPath, ...sets, lackedBy: "outsiders" }],
  ["aws:principalaccount", { trustIn: trustInAccount, ...strings, lackedBy: "nobody" }],
  ["aws:principalarn", { trustIn: trustInArn, ...arns, lackedBy: "some" }],
  ["aws:sourceaccount", { trustIn: trustInAccount, ...strings, lackedBy: "outsiders" }],
]);

/** Whether all callers for which a condition holds are trusted. */
export function trustInside({ operator, key: name, values }: Condition, trust: Trust): Answer {
  const key = keys.get(name.toLowerCase());
  if (key === undefined) return "not-understood";
  const match = key.sameAs.exec(operator);
  if (match === null) return "not-understood";
  const inValues = worstOf(values.map((value) => trustInValue(key, value, trust)));
  if (match.groups?.["ifExists"] === undefined || key.lackedBy === "nobody") return inValues;
  return key.lackedBy === "outsiders" ? "untrusted" : worstOf([inValues, "not-understood"]);
}

/** Whether all callers for which a condition does not hold are trusted, so that a Deny applies to everyone else. */
export function trustOutside({ operator, key: name, values }: Condition, trust: Trust): Answer {
  const key = keys.get(name.toLowerCase());
  if (key === undefined || !key.otherThan.test(operator)) return "not-understood";
  return worstOf(values.map((value) => trustInValue(key, value, trust)));
}

/** Policy variables cannot be interpreted. */
function trustInValue({ trustIn }: Key, value: string, trust: Trust): Answer {
  return value.includes("${") ? "not-understood" : trustIn(value, trust);
}

/** A wildcard matches more than one account. */
function trustInAccount(value: string, trust: Trust): Answer {
  return answerOn(trust === "whoever-is-named" ? accountId.test(value) : trust.accounts.has(value));
}

/** A wildcard matches more than one organization. */
function trustInOrganization(value: string, trust: Trust): Answer {
  if (/[*?]/.test(value)) return "untrusted";
  if (trust === "whoever-is-named") return "trusted";
  const { organization } = trust;
  if (!organization.isTrusted) return "untrusted";
  if (organization.id === null) return "organization-unknown";
  return answerOn(value.toLowerCase() === organization.id);
}

/** A path such as `o-exampleorgid/r-ab12/ou-ab12-11111111/*` is part of the organization with which it starts. */
function trustInPath(value: string, trust: Trust): Answer {
  const organization = value.replace(/\/.*/s, "");
  return organization === value && !/[*?]/.test(value)
    ? "not-understood"
    : trustInOrganization(organization, trust);
}

const arnOfAccount = /^arn:[a-z0-9-]+:(?:iam|sts)::(?<account>[\d*?]+):./;

/**
 * An ARN pattern identifies an account only if it has no wildcards up to the account. An earlier star could match
 * anything, even an ARN of another account whose path contains this account.
 */
function trustInArn(value: string, trust: Trust): Answer {
  if (/^\*+$/.test(value)) return "untrusted";
  const account = accountIn(value, arnOfAccount);
  return account === undefined ? "not-understood" : trustInAccount(account, trust);
}
