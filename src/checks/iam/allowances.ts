import { matchesName } from "../../core/wildcards.ts";
import { type Condition, type Listed, names, type Principal, type Statement } from "./document.ts";
import { type Answer, type Trust, trustInPrincipal, trustInside, trustOutside, worstOf } from "./trust.ts";

/** What a statement lets somebody do who is not trusted, or may not be. */
export type Allowance = {
  readonly statement: string;
  readonly answer: Exclude<Answer, "trusted">;
  readonly actions: readonly string[];
  /** Those who are not trusted, or not known to be. */
  readonly principals: Listed<Principal>;
  readonly conditions: readonly Condition[];
};

/**
 * Finds the statements that let others than the trusted do one of `actions`. A statement is judged by whom it
 * names and, where some of those are not trusted, by its conditions: as all of them must hold, one that lets
 * only trusted ones through is enough. Which resources it is about makes no difference.
 */
export function allowancesIn(
  statements: readonly Statement[],
  actions: readonly string[],
  trust: Trust,
): readonly Allowance[] {
  const denials = statements.filter((statement) => isBlanketDenial(statement, trust));
  return statements.flatMap((statement) => {
    const granted = actions
      .filter((action) => namesAction(statement, action))
      .filter((action) => !denials.some((denial) => denies(denial, action, statement.resources)));
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

/** Actions are named without regard to capitals, and with wildcards. */
function namesAction({ actions }: Statement, action: string): boolean {
  return names(actions, (pattern) => matchesName(pattern.toLowerCase(), action.toLowerCase()));
}

/**
 * Whether a statement denies something to everybody but trusted ones. It spares whoever one of its conditions
 * leaves alone.
 */
function isBlanketDenial({ effect, principals, conditions }: Statement, trust: Trust): boolean {
  if (effect === "Allow") return false;
  const spared = conditions.map((condition) => trustOutside(condition, trust));
  return worstOf(spared) === "trusted" && hitsAllUntrusted(principals, trust);
}

function hitsAllUntrusted({ allBut, list }: Listed<Principal>, trust: Trust): boolean {
  if (!allBut) return list.some(({ type, id }) => type === "AWS" && id === "*");
  return worstOf(list.map((principal) => trustInPrincipal(principal, trust))) === "trusted";
}

function denies(denial: Statement, action: string, resources: Listed<string>): boolean {
  return namesAction(denial, action) && includesAll(denial.resources, resources);
}

/**
 * Whether `outer` surely holds all of `inner`. A pattern whose wildcards are stars alone holds all of another
 * when it matches its text, for a star in that text is matched by a star.
 */
function includesAll(outer: Listed<string>, inner: Listed<string>): boolean {
  if (outer.allBut) return outer.list.length === 0;
  const patterns = inner.allBut ? ["*"] : inner.list;
  const plain = outer.list.filter((pattern) => !/[?$]/.test(pattern));
  return patterns.every((pattern) => plain.some((wider) => matchesName(wider, pattern)));
}
