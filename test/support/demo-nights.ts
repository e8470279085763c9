import type { World } from "../simulator/world.ts";
import { rule } from "../simulator/world-builder.ts";
import { DEMO_ACCOUNTS } from "../simulator/worlds/demo/index.ts";

/** What happens in the demo's organization between two nights: one rule is fixed and a bad one is created. */
export function changeDemoOrganization({ accounts }: World): void {
  const remediated = accounts[DEMO_ACCOUNTS.webProd]?.regions["eu-west-1"];
  for (const secret of remediated?.secrets ?? []) secret.login = "accepted";
  accounts[DEMO_ACCOUNTS.sandbox]?.regions["ap-southeast-2"]?.rules.push(rule("ROOT", "quay"));
}
