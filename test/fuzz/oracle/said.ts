import type { CheckId, KindOf } from "../../../src/checks/index.ts";
import type { PolicyFile } from "../../support/builders.ts";
import type { Answer, SeenRegistry, SeenRule } from "./model.ts";

/** What the checks of the catalogue can say of their own, and the one of a policy's own. */
export type OwnKind = KindOf<CheckId> | "assertion-failed";

/** What is said of something that is given otherwise. */
export type Said = Pick<Answer, "status" | "counts" | "storage"> & {
  readonly kind: OwnKind | "passes" | "not-demanded" | "evidence-unreadable";
};

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
export function notApplicable(kind: OwnKind): readonly Said[] {
  return [{ status: "NOT_APPLICABLE", kind }];
}

/** A failure of each kind, or a pass where there is none. */
export function failsOf(kinds: readonly (OwnKind | false)[]): readonly Said[] {
  const failures = kinds.filter((kind) => kind !== false);
  return failures.length === 0 ? passes : failures.map((kind) => ({ status: "FAIL", kind }));
}
