import type { Report } from "../../src/schemas/report.ts";
import type { World } from "../simulator/world.ts";
import type { PolicyFile } from "../support/builders.ts";
import { differences } from "./differences.ts";
import { answersOn } from "./oracle/catalogue.ts";
import { type Expectation, lineOf } from "./oracle/expectation.ts";
import { policyInForce } from "./oracle/in-force.ts";
import type { Answer } from "./oracle/model.ts";
import { seenRepositories } from "./oracle/repositories.ts";

type Night = {
  readonly report: Report;
  readonly expectation: Expectation;
  readonly policy: PolicyFile;
  readonly world: World;
};

/** What a night says of repositories: its failures to the last count, and no resolution while a repository still fails. */
export function repositoryProblems({ report, expectation, policy, world }: Night): readonly string[] {
  const fresh = report.findings.filter(
    ({ check, stale, transition }) => isAboutRepositories(check) && !stale && transition !== "resolved",
  );
  const linesOf = (status: string) =>
    fresh.filter((finding) => finding.status === status).map((finding) => lineOfFinding(finding, policy));
  const expected = (status: string) =>
    expectation.findings.filter(
      (line) => isAboutRepositories(line.split(" ")[3] ?? "") && line.split(" ")[4] === status,
    );
  // An open failure stands in for an UNKNOWN of the same subject.
  const unforeseen = differences("repositories", expected("UNKNOWN"), linesOf("UNKNOWN")).filter((line) =>
    line.includes(": + "),
  );
  return [
    ...["FAIL", "WAIVED"].flatMap((status) => differences("repositories", expected(status), linesOf(status))),
    ...unforeseen,
    ...earlyResolutions({ report, expectation, policy, world }),
  ];
}

function isAboutRepositories(check: string): boolean {
  return check.endsWith("cached-repositories");
}

/** A finding of a report as one line, with the counts of repositories. */
export function lineOfFinding(finding: Report["findings"][number], policy: PolicyFile): string {
  const { account, region, organizationalUnits: units } = finding;
  const inForce = policyInForce(policy, { account, region, units, organizationId: null });
  return lineOf({ ...finding, ...countsIn(finding.data) }, finding, inForce);
}

function countsIn({
  sample,
  storage,
}: Report["findings"][number]["data"]): Partial<Pick<Answer, "counts" | "storage">> {
  if (sample === undefined) return {};
  const { failing, lookedAt, existing, excluded } = Object(sample);
  const counts = [failing, lookedAt, existing, excluded].join("/");
  if (storage === undefined) return { counts };
  const { repositories, images, bytes, isWhole } = Object(storage);
  return { counts, storage: [repositories, images, bytes, isWhole].join("/") };
}

/** The resolutions of failures that repositories still have, whether the audit looked at them or not. */
function earlyResolutions({ report, expectation, policy, world }: Night): readonly string[] {
  const resolved = report.findings.filter(
    ({ check, transition, status }) =>
      transition === "resolved" && status === "PASS" && isAboutRepositories(check),
  );
  if (resolved.length === 0) return [];
  const today = report.startedAt.slice(0, 10);
  const still = new Set(
    expectation.registries.flatMap((registry) => {
      const { place, rules, former } = registry;
      const content = world.accounts[place.account]?.regions[place.region];
      if (!rules.known || content === undefined) return [];
      const inForce = policyInForce(policy, place);
      const all = { place, content, policy: inForce, calls: null, today, nextPart: undefined };
      const whole = { ...registry, ...seenRepositories(rules.value, former, all) };
      return answersOn(whole, inForce, today)
        .filter(({ status }) => status === "FAIL")
        .map(({ check, prefix, kind }) => [place.account, place.region, check, prefix, kind].join(" "));
    }),
  );
  return resolved
    .map(({ account, region, check, prefix, kind }) => [account, region, check, prefix, kind].join(" "))
    .filter((line) => still.has(line))
    .map((line) => `resolved too early: ${line}`);
}
