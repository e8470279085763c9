import type { Status } from "../../model/finding.ts";

/** What a check says of a rule in code. */
export type Answer = {
  readonly status: Exclude<Status, "WAIVED">;
  readonly kind: string;
  /** Tells apart several answers of one check on one rule. */
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly prose: () => { readonly title: string; readonly message: string; readonly remediation: string };
};

/**
 * What holds in every one of several cases of which one will come true: the failures that are common to all,
 * else the answers when all are alike, and `null` when it depends on the case.
 */
export function agreed([first = [], ...others]: readonly (readonly Answer[])[]): readonly Answer[] | null {
  const failsEverywhere = first.filter(
    (answer) => answer.status === "FAIL" && others.every((answers) => answers.some(isLike(answer))),
  );
  if (failsEverywhere.length > 0) return failsEverywhere;
  const sameEverywhere = others.every(
    (answers) => answers.length === first.length && first.every((answer) => answers.some(isLike(answer))),
  );
  return sameEverywhere && first.every(({ status }) => status !== "FAIL") ? first : null;
}

function isLike(one: Answer): (other: Answer) => boolean {
  return ({ status, kind, subject }) => status === one.status && kind === one.kind && subject === one.subject;
}
