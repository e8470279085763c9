import type { PolicyFile } from "../../support/builders.ts";
import type { Answer, SeenRegistry, SeenRule } from "./model.ts";

/** What is said of something that is given otherwise. */
export type Said = Pick<Answer, "status" | "kind">;

/** What a check looks at. */
export type Case = {
  readonly rule: SeenRule;
  readonly rules: readonly SeenRule[];
  readonly registry: SeenRegistry;
  /** The policy in force. */
  readonly policy: PolicyFile;
  readonly today: string;
};

/** What a check of rules has to say. */
export type RuleOracle = (subject: Case) => readonly Said[];

export const passes: readonly Said[] = [{ status: "PASS", kind: "passes" }];
export const notDemanded: readonly Said[] = [{ status: "NOT_APPLICABLE", kind: "not-demanded" }];
export const unknownCases: readonly Said[] = [{ status: "UNKNOWN", kind: "evidence-unreadable" }];

/** That a check does not apply. */
export function notApplicable(kind: string): readonly Said[] {
  return [{ status: "NOT_APPLICABLE", kind }];
}

/** A failure of each kind, or a pass where there is none. */
export function failsOf(kinds: readonly (string | false)[]): readonly Said[] {
  const failures = kinds.filter((kind) => kind !== false);
  return failures.length === 0 ? passes : failures.map((kind) => ({ status: "FAIL", kind }));
}
