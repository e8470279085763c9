import type { PolicyFile } from "../../support/builders.ts";
import { answersOn, checksOn, severityOf } from "./catalogue.ts";
import { consistencyOracle } from "./fleet.ts";
import { type Gap, gapsOf } from "./gaps.ts";
import { policyInForce } from "./in-force.ts";
import type { Answer, Place, SeenRegistry } from "./model.ts";
import { planOf } from "./plan.ts";
import { type Evidence, seenRegistry } from "./registries.ts";
import { type Said, unknownCases } from "./said.ts";
import { waivingOn } from "./waivers.ts";

/** What an audit has to report. */
export type Expectation = {
  readonly registries: readonly SeenRegistry[];
  readonly excluded: readonly string[];
  /** Each as one line, sorted. */
  readonly findings: readonly string[];
  readonly gaps: readonly Gap[];
  readonly status: string;
  readonly waivers: Readonly<Record<"expired" | "expiring" | "unused", readonly string[]>>;
};

/** The expected report of an audit on a day, given the responses of AWS; `null` if the audit cannot start. */
export function expectationOf(policy: PolicyFile, evidence: Evidence, today: string): Expectation | null {
  const plan = planOf(evidence.world, policy, evidence.calls);
  if (plan === null) return null;
  const registries = plan.planned.map((planned) =>
    seenRegistry(planned, policyInForce(policy, planned.place), evidence, today),
  );
  const waiving = waivingOn(policy, today);
  const answers = [...ofRegistries(registries, policy, today), ...ofFleet(registries, policy)].map(
    ({ place, answer }) => ({ place, answer: waiving.applied(answer, place) }),
  );
  const gaps = registries.flatMap(gapsOf);
  const fails = answers.some(({ answer }) => answer.status === "FAIL");
  return {
    registries,
    excluded: plan.excluded.toSorted(),
    findings: answers.map(({ place, answer }) => lineOf(answer, place, policyInForce(policy, place))).sort(),
    gaps,
    status: fails ? "non-compliant" : gaps.length > 0 ? "incomplete" : "compliant",
    waivers: waiving.notices(),
  };
}

type Placed = { readonly place: Place; readonly answer: Answer };

function ofRegistries(
  registries: readonly SeenRegistry[],
  policy: PolicyFile,
  today: string,
): readonly Placed[] {
  return registries.flatMap((registry) => {
    const { place } = registry;
    return answersOn(registry, policyInForce(policy, place), today).map((answer) => ({ place, answer }));
  });
}

function ofFleet(registries: readonly SeenRegistry[], policy: PolicyFile): readonly Placed[] {
  const check = "fleet-consistency";
  const compared = registries.filter(({ place }) => checksOn(policyInForce(policy, place)).includes(check));
  const evaluate = consistencyOracle(compared);
  return compared.flatMap(({ place, rules }) => {
    const placed = (said: readonly Said[], prefix: string | null) =>
      said.map((one) => ({ place, answer: { check, prefix, ...one } }));
    return rules.known
      ? rules.value.flatMap((rule) => placed(evaluate(rule), rule.prefix))
      : placed(unknownCases, null);
  });
}

/** A finding in one line, so that lists of them compare and differences read well. */
export function lineOf(
  {
    check,
    prefix,
    status,
    kind,
    counts,
    storage,
  }: Pick<Answer, "check" | "prefix" | "kind" | "counts" | "storage"> & { readonly status: string },
  { account, region }: Pick<Place, "account" | "region">,
  policy: PolicyFile,
): string {
  // A mistyped name is no alarm, whatever the policy says of the check.
  const severity = kind === "image-not-found" ? "informational" : severityOf(check, policy);
  return [account, region, prefix ?? "(registry)", check, status, kind, severity, counts ?? [], storage ?? []]
    .flat()
    .join(" ");
}
