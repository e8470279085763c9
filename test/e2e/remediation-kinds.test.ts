import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as z from "zod";
import type { PullThroughCacheRule } from "../../src/ecr/rule.ts";
import type { Offers } from "../../src/remediation/plan/decide-access.ts";
import { collectText } from "../cli/support/collected-text.ts";
import { type FixableCase, fixable, hubSecret } from "../remediation/fixable.ts";
import { nothingOffered } from "../remediation/support.ts";
import { parseArn, stableDigits } from "../simulator/arn.ts";
import type { Rule, Secret, World } from "../simulator/world.ts";
import { account, registry, secret, world } from "../simulator/world-builder.ts";
import { aRule, aTarget } from "../support/builders.ts";
import { type Stage, setStage } from "./support/stage.ts";

const { account: ACCOUNT, region: REGION } = aTarget();

const reportSchema = z.object({
  findings: z.array(z.object({ status: z.string(), check: z.string(), kind: z.string().optional() })),
});

/** The name of the secret behind an ARN; `null` when it is no secret of the registry's own account and region. */
function secretName(arn: string): string | null {
  const { service, region, accountId, resource = "" } = parseArn(arn) ?? {};
  const isOwn = service === "secretsmanager" && accountId === ACCOUNT && region === REGION;
  return isOwn ? resource.replace(/^secret:|-\w{6}$/g, "") : null;
}

/** An ARN of the cases as the simulator has it, where the last six characters of a secret follow from its name. */
function simulated(arn: string): string {
  const name = secretName(arn);
  return name === null ? arn : arn.replace(/\w{6}$/, stableDigits(name, 6));
}

function simulatedRule({
  credentialArn,
  customRoleArn,
  createdAt,
  updatedAt,
  ...rest
}: PullThroughCacheRule): Rule {
  const { ecrRepositoryPrefix, upstreamRegistryUrl, upstreamRepositoryPrefix } = rest;
  return {
    ecrRepositoryPrefix,
    upstreamRegistryUrl,
    upstreamRepositoryPrefix,
    createdAt: createdAt ?? "",
    updatedAt: updatedAt ?? "",
    ...(credentialArn === null ? {} : { credential: simulated(credentialArn) }),
    ...(customRoleArn === null ? {} : { role: customRoleArn }),
  };
}

/** The organization of one account whose registry has the problem of a case. */
function worldOf({ rules, secret: state, offers = nothingOffered }: FixableCase): World {
  const observed = rules.map((rule) => aRule(rule));
  const arns = [
    ...observed.map((rule) => rule.credentialArn ?? ""),
    ...offers.credentials.map(({ arn }) => arn),
  ];
  const names = new Set(arns.flatMap((arn) => secretName(arn) ?? []));
  const secrets = Array.from(names).flatMap((name): readonly Secret[] => {
    if (name !== secretName(hubSecret) || state === undefined) return [secret(name)];
    return state === "missing" ? [] : [secret(name, { deletedDate: "2026-11-25T00:00:00.000Z" })];
  });
  const regions = { [REGION]: registry(observed.map(simulatedRule), { secrets }) };
  return world({ accounts: [account(ACCOUNT, { regions })], organization: "none" });
}

function offering({ credentials, roles }: Offers): readonly string[] {
  return [
    ...credentials.flatMap(({ upstream, arn }) => ["--credential", `${upstream}=${simulated(arn)}`]),
    ...roles.flatMap((role) => ["--role", role]),
  ];
}

/** Audits from the command line: how it ended, and what it says fails. */
async function failuresOf({ policyFile }: Stage) {
  const { code, output, errors } = await collectText(
    ["audit", "--quiet", "--policy", policyFile, "--format", "json"],
    process.env,
  );
  expect(errors).toBe("");
  const failing = reportSchema.parse(JSON.parse(output)).findings.filter(({ status }) => status === "FAIL");
  return { code, failing: failing.map(({ check, kind }) => `${check} ${kind}`) };
}

it.each(Object.entries(fixable))(
  "audit, plan, apply and audit end compliant: %s",
  async (named, fixableCase) => {
    const { policy = {}, offers = nothingOffered, action } = fixableCase;
    await using stage = await setStage(worldOf(fixableCase), { policy: { scope: {}, ...policy } });
    const before = await failuresOf(stage);
    expect(before).toMatchObject({ code: 1, failing: expect.arrayContaining([named]) });

    const planFile = join(stage.policyFile, "..", "plan.json");
    const planning = ["plan", "--quiet", "--policy", stage.policyFile, "--format", `json=${planFile}`];
    expect(await collectText([...planning, ...offering(offers)], process.env)).toMatchObject({
      code: 1,
      errors: "",
    });
    expect(JSON.parse(await readFile(planFile, "utf8"))).toMatchObject({
      registries: [{ changes: [{ action }] }],
    });

    const applying = ["apply", planFile, "--yes", "--allow-replace", "--allow-delete"];
    expect(await collectText(applying, process.env)).toMatchObject({ code: 0, errors: "" });
    expect(await failuresOf(stage)).toEqual({ code: 0, failing: [] });
  },
);
