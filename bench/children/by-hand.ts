import {
  ECRClient,
  paginateDescribePullThroughCacheRules,
  ValidatePullThroughCacheRuleCommand,
} from "@aws-sdk/client-ecr";
import { OrganizationsClient, paginateListAccounts } from "@aws-sdk/client-organizations";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { worldRegions } from "../../test/simulator/worlds/scale.ts";
import { measure, type Watch } from "./measured.ts";
import { readRun } from "./run.ts";

/** How a script processes a list. */
export type Each = <T>(items: readonly T[], work: (item: T) => Promise<void>) => Promise<void>;

/**
 * An audit as people write it with the plain SDK: one client for each registry, and an error ends that registry.
 */
export async function auditByHand(each: Each): Promise<void> {
  const { scale, isThrottled } = readRun();
  await measure(isThrottled, async (watch) => {
    const [hub, ...members] = await listAccounts();
    const auditAccount = async (account: string): Promise<void> => {
      const credentials = account === hub ? undefined : await assumeRole(account);
      await each(worldRegions(scale.regions), (region) =>
        auditRegistry({ account, region, credentials }, each, watch),
      );
    };
    await each([hub ?? "", ...members], auditAccount);
  });
}

async function listAccounts(): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { Accounts = [] } of paginateListAccounts({ client: new OrganizationsClient() }, {})) {
    ids.push(...Accounts.flatMap(({ Id }) => Id ?? []));
  }
  return ids;
}

async function assumeRole(account: string) {
  const { Credentials } = await new STSClient().send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${account}:role/pull-through-auditor`,
      RoleSessionName: "by-hand",
    }),
  );
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

type Registry = {
  readonly account: string;
  readonly region: string;
  /** Absent for the auditing account itself. */
  readonly credentials: Awaited<ReturnType<typeof assumeRole>> | undefined;
};

async function auditRegistry(
  { account, region, credentials }: Registry,
  each: Each,
  { done }: Watch,
): Promise<void> {
  const client = new ECRClient({ region, ...(credentials === undefined ? {} : { credentials }) });
  try {
    const prefixes: string[] = [];
    for await (const page of paginateDescribePullThroughCacheRules({ client }, {})) {
      prefixes.push(...(page.pullThroughCacheRules ?? []).flatMap((rule) => rule.ecrRepositoryPrefix ?? []));
    }
    await each(prefixes, async (ecrRepositoryPrefix) => {
      await client.send(new ValidatePullThroughCacheRuleCommand({ ecrRepositoryPrefix }));
    });
    done(account, true);
  } catch {
    done(account, false);
  }
}
