import type { World } from "../simulator/world.ts";
import { rule } from "../simulator/world-builder.ts";
import { DEMO_ACCOUNTS } from "../simulator/worlds/demo/index.ts";

/** What happens in the demo's organization between two nights: one rule is fixed and a bad one is created. */
export function changeDemoOrganization({ accounts }: World): void {
  const remediated = accounts[DEMO_ACCOUNTS.webProd]?.regions["eu-west-1"];
  for (const secret of remediated?.secrets ?? []) secret.login = "accepted";
  accounts[DEMO_ACCOUNTS.sandbox]?.regions["ap-southeast-2"]?.rules.push(rule("ROOT", "quay"));
}

/**
 * What happens before the fourteenth night: the bad rule is deleted, another account gets a rule for an upstream that
 * is not allowed, and the auditor loses its access to one account.
 */
export function changeDemoOrganizationAgain({ accounts }: World): void {
  const sandbox = accounts[DEMO_ACCOUNTS.sandbox]?.regions["ap-southeast-2"];
  if (sandbox !== undefined) {
    sandbox.rules = sandbox.rules.filter(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix !== "ROOT");
  }
  accounts[DEMO_ACCOUNTS.logisticsProd]?.regions["us-east-1"]?.rules.push(
    rule("azure", "azure-container-registry", { upstreamRegistryUrl: "logistics.azurecr.io" }),
  );
  delete accounts[DEMO_ACCOUNTS.paymentsDev]?.role;
}
