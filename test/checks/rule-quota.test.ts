import { ruleQuota } from "../../src/checks/rule-quota/check.ts";
import { ruleQuotaText } from "../../src/checks/rule-quota/text.ts";
import { absent } from "../../src/facts/evidence.ts";
import type { RegistrySnapshot } from "../../src/facts/snapshot.ts";
import { aRegistryOf, aSnapshot } from "../support/builders.ts";
import { testCheck } from "../support/check-tester.ts";

function registryWith(count: number): RegistrySnapshot {
  return aRegistryOf(
    ...Array.from({ length: count }, (_, index) => ({ ecrRepositoryPrefix: `docker-hub-${index}` })),
  );
}

function nearlyUsed(used: number) {
  return [{ kind: "quota-nearly-used", prefix: null, data: { used, quota: 50 } }];
}

testCheck(ruleQuota, {
  text: ruleQuotaText,
  passes: [
    { name: "a registry with 39 rules", registry: registryWith(39) },
    { name: "a registry with one rule", registry: registryWith(1) },
    { name: "a registry without rules", registry: registryWith(0) },
    { name: "a registry of which AWS says that it has none", registry: aSnapshot({ rules: absent }) },
  ],
  fails: [
    { name: "a registry with 40 rules", registry: registryWith(40), says: nearlyUsed(40) },
    { name: "a registry with 50 rules", registry: registryWith(50), says: nearlyUsed(50) },
  ],
  unknownCases: { never: "the list of rules shows their number" },
  doesNotApply: [
    {
      name: "an audit of some prefixes, which does not evaluate the registry as a whole",
      registry: registryWith(41),
      evaluating: ["docker-hub-1"],
      says: "nothing",
    },
  ],
});
