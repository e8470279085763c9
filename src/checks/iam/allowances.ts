import { matchesName } from "../../core/wildcards.ts";
import { listsMeet } from "../../policy/matching/patterns.ts";
import { type Condition, includesItem, type Listed, type Principal, type Statement } from "./document.ts";
import { type Answer, type Trust, trustInPrincipal, trustInside, trustOutside, worstOf } from "./trust.ts";

/** The actions that a statement allows to principals that are not trusted, or may not be trusted. */
export type Allowance = {
  readonly statement: string;
  readonly answer: Exclude<Answer, "trusted">;
  readonly actions: readonly string[];
  /** The principals that are not known to be trusted. */
  readonly principals: Listed<Principal>;
  readonly conditions: readonly Condition[];
};

/** An action to look for. */
export type Watched = {
  readonly action: string;
  /** ARN patterns of the resources on which it counts, whose only wildcards are stars; null: on all. */
  readonly on: readonly string[] | null;
};

/**
 * Finds the statements that allow untrusted principals to perform one of `actions`. If some principals of a statement
 * are not trusted, its conditions are evaluated: one condition that only trusted principals meet is enough, because
 * all of them must hold. The resources of the statement are ignored for actions that count on all resources.
 */
export function allowancesIn(
  statements: readonly Statement[],
  actions: readonly Watched[],
  trust: Trust,
): readonly Allowance[] {
  const denials = statements.filter((statement) => isBlanketDenial(statement, trust));
  return statements.flatMap((statement) => {
    const granted = actions
      .filter(({ action }) => namesAction(statement, action))
      .filter((watched) =>
        areasOf(statement, watched).some(
          (area) => !denials.some((denial) => denies(denial, watched.action, statement.resources, area)),
        ),
      )
      .map(({ action }) => action);
    const answer = answerOn(statement, trust);
    if (statement.effect === "Deny" || granted.length === 0 || answer === "trusted") return [];
    const { label, conditions } = statement;
    return [
      { statement: label, answer, actions: granted, principals: suspects(statement, trust), conditions },
    ];
  });
}

function answerOn({ principals, conditions }: Statement, trust: Trust): Answer {
  const inPrincipals = principals.allBut
    ? "untrusted"
    : worstOf(principals.list.map((principal) => trustInPrincipal(principal, trust)));
  const inConditions = conditions.map((condition) => trustInside(condition, trust));
  if (inPrincipals === "trusted" || inConditions.includes("trusted")) return "trusted";
  return inConditions.find((answer) => answer !== "untrusted") ?? inPrincipals;
}

function suspects({ principals }: Statement, trust: Trust): Listed<Principal> {
  if (principals.allBut) return principals;
  const { list } = principals;
  return {
    allBut: false,
    list: list.filter((principal) => trustInPrincipal(principal, trust) !== "trusted"),
  };
}

/** Actions are matched case-insensitively and with wildcards. */
function namesAction({ actions }: Statement, action: string): boolean {
  return includesItem(actions, (pattern) => matchesName(pattern.toLowerCase(), action.toLowerCase()));
}

/**
 * Whether a statement denies something to everyone except trusted principals. It does not apply to principals for
 * which one of its conditions is false.
 */
function isBlanketDenial({ effect, principals, conditions }: Statement, trust: Trust): boolean {
  if (effect === "Allow") return false;
  const exempt = conditions.map((condition) => trustOutside(condition, trust));
  return worstOf(exempt) === "trusted" && includesAllUntrusted(principals, trust);
}

function includesAllUntrusted({ allBut, list }: Listed<Principal>, trust: Trust): boolean {
  if (!allBut) return list.some(({ type, id }) => type === "AWS" && id === "*");
  return worstOf(list.map((principal) => trustInPrincipal(principal, trust))) === "trusted";
}

/** The parts of a statement's resources on which an action counts. */
function areasOf({ resources }: Statement, { on }: Watched): readonly Listed<string>[] {
  if (on === null) return [resources];
  return on.filter((area) => meets(resources, area)).map((area) => ({ allBut: false, list: [area] }));
}

/** Whether resources may include one that matches `area`. A policy variable may be any text. */
function meets({ allBut, list }: Listed<string>, area: string): boolean {
  if (allBut) return !includesAll({ allBut: false, list }, { allBut: false, list: [area] });
  const wanted = area.split(":");
  return list.some((pattern) => {
    const given = pattern.replaceAll(/\$\{[^}]*\}/g, "*").split(":");
    // Wildcards do not reach over the colons of an ARN (IAM user guide, "Resource", November 2026).
    return given.length === wanted.length
      ? given.every((part, index) => listsMeet([part], wanted.slice(index, index + 1)))
      : listsMeet([given.join(":")], [area]);
  });
}

function denies(denial: Statement, action: string, resources: Listed<string>, area: Listed<string>): boolean {
  return (
    namesAction(denial, action) &&
    (includesAll(denial.resources, resources) || includesAll(denial.resources, area))
  );
}

/**
 * Whether `outer` certainly includes all of `inner`. A pattern whose only wildcards are stars includes another pattern
 * if it matches the text of that pattern, because only a star can match a star in that text.
 */
function includesAll(outer: Listed<string>, inner: Listed<string>): boolean {
  if (outer.allBut) return outer.list.length === 0;
  const patterns = inner.allBut ? ["*"] : inner.list;
  const plain = outer.list.filter((pattern) => !/[?$]/.test(pattern));
  return patterns.every((pattern) => plain.some((wider) => matchesName(wider, pattern)));
}
