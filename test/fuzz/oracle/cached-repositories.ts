import type { Repository, Scanning } from "../../simulator/world.ts";
import type { PolicyFile } from "../../support/builders.ts";
import type { SeenRegistry, SeenRule } from "./model.ts";
import { failsOf, notDemanded, passes, type RuleOracle, type Said, unknownCases } from "./said.ts";
import { bare, isWithin } from "./wildcards.ts";

/** What lies under the rule, and under no rule that is nearer. */
function ownOf(
  { prefix }: SeenRule,
  rules: readonly SeenRule[],
  repositories: readonly Repository[],
): readonly Repository[] {
  return repositories.filter(({ name }) => {
    const around = rules
      .map((rule) => rule.prefix)
      .filter((one) => one !== "ROOT" && name !== bare(one) && isWithin(name, one));
    const nearest = around.toSorted((a, b) => bare(b).length - bare(a).length)[0] ?? "ROOT";
    return nearest === prefix;
  });
}

function isScanned(
  { name, scanOnPush }: Repository,
  { scanType, rules }: Scanning,
  { frequencies = ["CONTINUOUS_SCAN", "SCAN_ON_PUSH"] }: NonNullable<PolicyFile["scanning"]>,
): boolean {
  const isBasic = scanType === "BASIC";
  if (isBasic && frequencies.includes("MANUAL")) return true;
  if (isBasic && scanOnPush && frequencies.includes("SCAN_ON_PUSH")) return true;
  return rules.some(
    ({ scanFrequency, filters }) =>
      frequencies.includes(scanFrequency) &&
      filters.some((filter) =>
        new RegExp(filter.includes("*") ? `^${filter.replaceAll("*", ".*")}$` : filter).test(name),
      ),
  );
}

/** The policies of fuzz runs ask for what is listed with the repositories, and for nothing by template. */
export const cachedRepositoryAnswers: RuleOracle = ({ rule, rules, registry, policy }) => {
  const { cachedRepositories: section, creationTemplates: demands, scanning } = policy;
  if (section === undefined) return notDemanded;
  if (!registry.repositories?.known) return unknownCases;
  const isLeftOut = (name: string) => section.exclude?.length === 1 && /^.*\/keep\/.*$/.test(name);
  const own = ownOf(rule, rules, registry.repositories.value).filter(({ name }) => !isLeftOut(name));
  const isAllowed = (value: string, allowed: readonly string[] | undefined) =>
    allowed === undefined || allowed.includes(value);
  const scans = registry.scanning;
  const isScanAsked = scanning !== undefined && scanning.required !== false;
  const said = failsOf([
    own.some(({ encryptionType }) => !isAllowed(encryptionType, demands?.encryption)) && "encryption",
    own.some(({ imageTagMutability }) => !isAllowed(imageTagMutability, demands?.tagMutability)) &&
      "tag-mutability",
    isScanAsked &&
      scans?.known === true &&
      own.some((one) => !isScanned(one, scans.value, scanning)) &&
      "not-scanned",
  ]);
  const failures: readonly Said[] =
    rule.prefix === "ROOT" && said !== passes ? [{ status: "UNKNOWN", kind: "share-not-known" }] : said;
  const isUnread = isScanAsked && scans?.known !== true && own.length > 0;
  if (!isUnread) return failures;
  return failures === passes ? unknownCases : [...failures, ...unknownCases];
};

/** Nothing of a fuzz run that asks for repositories loses a rule. */
export function orphanAnswers(
  { repositories }: SeenRegistry,
  rules: readonly SeenRule[],
  { cachedRepositories: section }: PolicyFile,
): readonly Said[] {
  if (section === undefined || rules.length === 0) return notDemanded;
  return repositories?.known ? passes : unknownCases;
}
