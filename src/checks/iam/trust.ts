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
  if (type === "CanonicalUser") return "not-understood";
  const account = accountId.test(id) ? id : accountIn(id, iamArn);
  if (account === undefined) return type === "AWS" && id !== "*" ? "not-understood" : "untrusted";
  return answerOn(type !== "Service" && accounts.has(account));
}

/** The account that an ARN of such a form names. */
function accountIn(text: string, form: RegExp): string | undefined {
  const { groups } = form.exec(text) ?? {};
  return groups?.["account"];
}

/** The answer where it is known who is meant. */
function answerOn(isTrusted: boolean): Answer {
  return isTrusted ? "trusted" : "untrusted";
}

/** A key that says whose request it is, and what a condition on it tells. */
type Key = {
  /** Whether all who have a value of the key, or one that fits a pattern, are trusted. */
  readonly trustIn: (value: string, trust: Trust) => Answer;
  /** The operators under which a condition holds for those values alone. */
  readonly sameAs: RegExp;
  /** The operators under which it holds for everybody but those. */
  readonly otherThan: RegExp;
  /** Whose requests lack the key: a condition `…IfExists` holds for them. */
  readonly lackedBy: "nobody" | "outsiders" | "some";
};

const strings = {
  sameAs: /^String(?:Equals|EqualsIgnoreCase|Like)(?<ifExists>IfExists)?$/,
  otherThan: /^StringNot(?:Equals|EqualsIgnoreCase|Like)(?:IfExists)?$/,
} as const;

/** Of ARNs each part is compared by itself; that lets through no more than to compare them as strings. */
const arns = {
  sameAs: /^(?:String(?:Equals|EqualsIgnoreCase|Like)|Arn(?:Equals|Like))(?<ifExists>IfExists)?$/,
  otherThan: /^(?:StringNot(?:Equals|EqualsIgnoreCase|Like)|ArnNot(?:Equals|Like))(?:IfExists)?$/,
} as const;

/** A request has one path or, from outside of any organization, none: `ForAnyValue` then does not hold, `ForAllValues` does. */
const sets = {
  sameAs: /^ForAnyValue:String(?:Equals|EqualsIgnoreCase|Like)$/,
  otherThan: /^ForAllValues:StringNot(?:Equals|EqualsIgnoreCase|Like)$/,
} as const;

/**
 * By their names in small letters: capitals make no difference.
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

/** Whether all whom a condition lets through are trusted. */
export function trustInside({ operator, key: name, values }: Condition, trust: Trust): Answer {
  const key = keys.get(name.toLowerCase());
  if (key === undefined) return "not-understood";
  const match = key.sameAs.exec(operator);
  if (match === null) return "not-understood";
  const inValues = worstOf(values.map((value) => trustInValue(key, value, trust)));
  if (match.groups?.["ifExists"] === undefined || key.lackedBy === "nobody") return inValues;
  return key.lackedBy === "outsiders" ? "untrusted" : worstOf([inValues, "not-understood"]);
}

/** Whether all whom a condition leaves alone are trusted, so that a Deny under it hits everybody else. */
export function trustOutside({ operator, key: name, values }: Condition, trust: Trust): Answer {
  const key = keys.get(name.toLowerCase());
  if (key === undefined || !key.otherThan.test(operator)) return "not-understood";
  return worstOf(values.map((value) => trustInValue(key, value, trust)));
}

/** Policy variables are not understood. */
function trustInValue({ trustIn }: Key, value: string, trust: Trust): Answer {
  return value.includes("${") ? "not-understood" : trustIn(value, trust);
}

/** A wildcard stands for more than one account. */
function trustInAccount(value: string, { accounts }: Trust): Answer {
  return answerOn(accounts.has(value));
}

/** A wildcard stands for more than one organization. */
function trustInOrganization(value: string, { organization }: Trust): Answer {
  if (!organization.isTrusted || /[*?]/.test(value)) return "untrusted";
  if (organization.id === null) return "organization-unknown";
  return answerOn(value.toLowerCase() === organization.id);
}

/** A path such as `o-exampleorgid/r-ab12/ou-ab12-11111111/*`: whatever follows, it lies in the organization that it begins with. */
function trustInPath(value: string, trust: Trust): Answer {
  const organization = value.replace(/\/.*/s, "");
  return organization === value && !/[*?]/.test(value)
    ? "not-understood"
    : trustInOrganization(organization, trust);
}

const arnOfAccount = /^arn:[a-z0-9-]+:(?:iam|sts)::(?<account>[\d*?]+):./;

/**
 * Only what is written out up to the account binds an ARN to it: a star before that may stand for anything, another
 * account's ARN with this one's in its path included.
 */
function trustInArn(value: string, trust: Trust): Answer {
  if (/^\*+$/.test(value)) return "untrusted";
  const account = accountIn(value, arnOfAccount);
  return account === undefined ? "not-understood" : trustInAccount(account, trust);
}
