import type { Target } from "../../ecr/target.ts";
import type { Policy } from "../../policy/schema.ts";
import { type Allowance, allowancesIn, type Watched } from "./allowances.ts";
import { type Condition, parseDocument } from "./document.ts";
import type { Trust } from "./trust.ts";

/** Whom one statement lets in, as the data of a verdict. */
export type LetIn = {
  statement: string;
  actions: readonly string[];
  principals: readonly string[];
  conditions: readonly string[];
};

/** A statement that lets principals in who are not trusted, or may not be. */
export type Suspicion = {
  readonly answer: Allowance["answer"];
  /** Whether it lets everyone in but those it names. */
  readonly isAllBut: boolean;
  readonly letIn: LetIn;
};

/** What a resource-based policy amounts to, or the reason why its text cannot be parsed. */
export type Judgement =
  | { readonly suspicions: readonly Suspicion[] }
  | { readonly suspicions: null; readonly problem: string };

/** Judges the text of a policy of a registry or a repository by whom it allows the watched actions. */
export function judgePolicy(text: string, watched: readonly Watched[], trust: Trust): Judgement {
  const document = parseDocument(text);
  if (document.statements === null) return { suspicions: null, problem: document.problem };
  return { suspicions: allowancesIn(document.statements, watched, trust).map(suspicionOf) };
}

/** The principals whom the policy file trusts, beside the account of the registry. */
export function trustOf(
  { account, organizationId }: Target,
  demands: NonNullable<Policy["registryPolicy"]>,
): Trust {
  return {
    accounts: new Set(demands.trustedAccounts).add(account),
    organization: {
      isTrusted: demands.trustOrganization ?? false,
      id: demands.organizationId ?? organizationId,
    },
  };
}

const MOST_ACTIONS = 4;

/** The principals of a statement and their conditions, in words. */
export function whoOf({ principals, conditions }: LetIn): string {
  const who = principals.join(", ");
  return conditions.length === 0 ? who : `${who} (if ${conditions.join("; ")})`;
}

/** Names the first actions and counts the rest: a wildcard such as `ecr:*` allows all of them. */
export function actionsOf({ actions }: LetIn): string {
  const left = actions.length - MOST_ACTIONS;
  return left > 0 ? `${actions.slice(0, MOST_ACTIONS).join(", ")} and ${left} more` : actions.join(" and ");
}

function suspicionOf({ statement, answer, actions, principals, conditions }: Allowance): Suspicion {
  return {
    answer,
    isAllBut: principals.allBut,
    letIn: {
      statement,
      actions,
      principals: principals.list.map(({ type, id }) => (type === "AWS" ? id : `${type} ${id}`)),
      conditions: conditions.map(describe),
    },
  };
}

function describe({ operator, key, values }: Condition): string {
  return `${operator} ${key} ${values.join(" or ")}`;
}
