import type { Check } from "../checks/define-check.ts";
import { type Status, statusSchema } from "../model/finding.ts";
import type { Coverage, ExcludedAccount } from "../model/report.ts";
import type { RegistrySnapshot } from "../model/snapshot.ts";
import type { Policy } from "../policy/schema.ts";
import { openLedger } from "./coverage.ts";
import { type EvaluatedFinding, type EvaluateOptions, evaluate, noCounts } from "./evaluate.ts";

/** What an audit saw and what the checks said of it. */
export type Assessment = {
  readonly coverage: Coverage;
  readonly rules: number;
  readonly counts: Readonly<Record<Status, number>>;
  readonly findings: readonly EvaluatedFinding[];
};

/** Takes in an audit's facts one by one, in any order, and keeps of each only what the report needs. */
export type Assessor = {
  readonly addSnapshot: (snapshot: RegistrySnapshot) => void;
  readonly addExcluded: (account: ExcludedAccount) => void;
  readonly result: () => Assessment;
};

/** Begins an assessment by `policy` and `checks`. */
export function beginAssessment(
  policy: Policy,
  checks: readonly Check[],
  options: EvaluateOptions,
): Assessor {
  const ledger = openLedger();
  const counts = noCounts();
  const findings: EvaluatedFinding[] = [];
  let rules = 0;
  return {
    addSnapshot: (snapshot) => {
      const evaluation = evaluate(snapshot, policy, checks, options);
      ledger.enter(snapshot, evaluation.gaps);
      rules += evaluation.rules;
      for (const status of statusSchema.options) counts[status] += evaluation.counts[status];
      for (const finding of evaluation.findings) findings.push(finding);
    },
    addExcluded: ledger.enterExcluded,
    result: () => ({ coverage: ledger.total(), rules, counts, findings }),
  };
}
