import type { Finding } from "../../../src/schemas/finding.ts";
import type { Report } from "../../../src/schemas/report.ts";
import type { Region, Rule, World } from "../../simulator/world.ts";
import { account, registry, rule, type WorldParts, world } from "../../simulator/world-builder.ts";

/** The account that audits. */
export const HUB = "111122223333";
/** An account that is audited. */
export const MEMBER = "444455556666";
/** Another one, which a test leaves in peace. */
export const BYSTANDER = "777788889999";

export const TOPIC = `arn:aws:sns:us-east-1:${HUB}:pull-through-audit`;
export const BUS = "pull-through-auditor";

/** The settings with which an audit delivers to recipients and integrations. */
export const NOTIFIERS = { AUDIT_TOPIC_ARN: TOPIC, AUDIT_EVENT_BUS: BUS } as const;

type Spoils = Partial<Omit<WorldParts, "accounts">> & {
  /** The rules of {@link MEMBER}; by default one for Docker Hub and one for Quay. */
  readonly rules?: readonly Rule[];
  readonly member?: Parameters<typeof account>[1];
};

/** The hub and two members, a healthy registry each in us-east-1, and what is not as usual about them. */
export function smallWorld({ rules, member, ...parts }: Spoils = {}): World {
  return world({
    hub: { region: "us-east-1" },
    accounts: [
      account(HUB, { regions: { "us-east-1": hubRegion() } }),
      account(MEMBER, {
        regions: {
          "us-east-1": registry(rules ?? [rule("docker-hub", "docker-hub"), rule("quay", "quay")]),
        },
        ...member,
      }),
      account(BYSTANDER, { regions: { "us-east-1": registry([rule("ecr-public", "ecr-public")]) } }),
    ],
    ...parts,
  });
}

function hubRegion(): Region {
  return registry([rule("k8s", "k8s")], {
    topics: [{ name: "pull-through-audit", publishers: [] }],
    eventBuses: [BUS],
  });
}

/** A report's coverage in figures. */
export function figuresOf({ coverage }: Report) {
  const { planned, audited, partial, unreachable, excluded } = coverage;
  return { planned, audited, partial, unreachable, excluded };
}

/** The coverage of an audit that saw all of `planned` registries. */
export function allSeen(planned: number) {
  return { planned, audited: planned, partial: 0, unreachable: 0, excluded: 0 };
}

/** Each registry with evaluated rules, as `account region`, once and sorted. */
export function placesOf({ findings }: Report): readonly string[] {
  const ofRules = findings.filter(({ prefix }) => prefix !== null);
  return [...new Set(ofRules.map(({ account, region }) => `${account} ${region}`))].sort();
}

/** What one check says of one account's rules, by prefix; `*` is the registry as a whole. */
export function answersOf(report: Report, account: string, check = "rule-validation") {
  const answers = report.findings.filter((finding) => finding.account === account && finding.check === check);
  return Object.fromEntries(answers.map(({ prefix, status }) => [prefix ?? "*", status]));
}

/** The one finding of a check about a rule. */
export function findingOn(report: Report, prefix: string, check = "rule-validation"): Finding {
  const found = report.findings.filter((finding) => finding.prefix === prefix && finding.check === check);
  const [finding] = found;
  if (finding === undefined || found.length > 1) throw new Error(`${found.length} findings on ${prefix}`);
  return finding;
}
