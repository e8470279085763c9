import { RULE_PREFIX, RULES_TO_A_REGISTRY } from "./upstreams.ts";
import type { Account, Region, World } from "./world.ts";

/** Rejects a world that could not exist in AWS. @throws Error with every reason */
export function refuseImpossibleWorld(world: World): void {
  const problems = [...worldProblems(world), ...Object.entries(world.accounts).flatMap(accountProblems)];
  if (problems.length > 0) throw new Error(`This world cannot exist:\n- ${problems.join("\n- ")}`);
}

function worldProblems({ hub, accounts, organization, regions }: World): string[] {
  return [
    ...(accounts[hub.accountId] === undefined ? [`its hub ${hub.accountId} is not among its accounts`] : []),
    ...(regions.includes(hub.region) ? [] : [`its hub's region ${hub.region} is not among its regions`]),
    ...(organization === undefined || accounts[organization.managementAccountId] !== undefined
      ? []
      : [`its management account ${organization.managementAccountId} is not among its accounts`]),
  ];
}

function accountProblems([id, account]: [string, Account]): string[] {
  const isId = /^\d{12}$/.test(id) && account.id === id;
  const regional = Object.entries(account.regions).flatMap(([region, content]) =>
    regionProblems(content).map((problem) => `${id} ${region}: ${problem}`),
  );
  return [...(isId ? [] : [`${id} is not an account id, or differs from its account's id`]), ...regional];
}

function regionProblems({ rules }: Region): string[] {
  const prefixes = rules.map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix);
  const malformed = prefixes.filter(
    (prefix) => !RULE_PREFIX.test(prefix) || prefix.length < 2 || prefix.length > 30,
  );
  const repeated = prefixes.filter((prefix, index) => prefixes.indexOf(prefix) !== index);
  return [
    ...malformed.map((prefix) => `ECR accepts no rule with the prefix ${JSON.stringify(prefix)}`),
    ...repeated.map((prefix) => `there are two rules with the prefix ${prefix}`),
    ...(rules.length > RULES_TO_A_REGISTRY
      ? [`${rules.length} rules are more than ${RULES_TO_A_REGISTRY}`]
      : []),
  ];
}
