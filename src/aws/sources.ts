import { AccountClient } from "@aws-sdk/client-account";
import { ECRClient } from "@aws-sdk/client-ecr";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { STSClient } from "@aws-sdk/client-sts";
import type { Sources } from "../audit/ports.ts";
import type { ClientDefaults } from "./http.ts";
import { identify } from "./identity.ts";
import { listAccounts } from "./organization.ts";
import { listEnabledRegions } from "./regions.ts";
import { openRegistry } from "./registry.ts";
import { type AuditRole, openSessions } from "./sessions.ts";

/**
 * The facts of AWS, read with the SDK's default credentials in the hub's own account and with the auditor's
 * role in all others.
 *
 * @throws CannotStartError without region or working credentials
 */
export async function connect(defaults: ClientDefaults, role: AuditRole): Promise<Sources> {
  const sts = new STSClient(defaults);
  const identity = await identify(sts);
  const { region: hubRegion } = identity;
  const sessionOf = openSessions(sts, role, hubRegion);
  const accessTo = (account: string, region: string) => {
    const credentials = account === identity.account ? {} : { credentials: sessionOf(account) };
    return { ...defaults, ...credentials, region };
  };
  return {
    identity,
    listAccounts: () => listAccounts(new OrganizationsClient({ ...defaults, region: hubRegion })),
    listEnabledRegions: (account) => listEnabledRegions(new AccountClient(accessTo(account, hubRegion))),
    openRegistry: ({ account, region }) => {
      const access = accessTo(account, region);
      let secretsManager: SecretsManagerClient | null = null;
      return openRegistry(new ECRClient(access), () => {
        secretsManager ??= new SecretsManagerClient(access);
        return secretsManager;
      });
    },
  };
}
