import { AccountClient } from "@aws-sdk/client-account";
import { ECRClient } from "@aws-sdk/client-ecr";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { STSClient } from "@aws-sdk/client-sts";
import type { RegistryReader, Sources } from "../audit/ports.ts";
import { begun } from "../core/concurrency.ts";
import { memoize } from "../core/memoize.ts";
import { type Caller, callerCredentials, callerLane, callingAs } from "./caller.ts";
import { type ClientDefaults, stoppable } from "./http.ts";
import { identify } from "./identity.ts";
import { listAccounts } from "./organizations.ts";
import type { Lane, Siblings } from "./pace/lane.ts";
import { openTraffic, type Pacing } from "./pace/traffic.ts";
import { listEnabledRegions } from "./regions.ts";
import { openRegistry } from "./registry.ts";
import { type AuditRole, openSessions } from "./sessions.ts";

/**
 * The calls to STS in flight. All tools of the hub account share the quota of 600 requests/s for each region, and of a
 * cross-account AssumeRole only the caller's quota is used (IAM user guide, "IAM and STS quotas", November 2026). Thirty
 * calls of 50 ms use up that quota.
 */
const stsCalls = { first: 10, most: 30 };

/**
 * LookupEvents is limited to two requests a second for each account and region (AWS CloudTrail API reference,
 * LookupEvents, November 2026). Whoever made a change is worth less patience than the rules.
 */
const trailCalls = { perSecond: 2, patienceMs: 5_000 };

/**
 * The calls of one operation in flight over all regions of an account. The first few show whether AWS throttles the
 * account; the calls to its other regions then begin at the rate that was learnt.
 */
const accountCalls = { first: 5, most: Number.POSITIVE_INFINITY };

/**
 * Reads facts from AWS, with the SDK's default credentials in the hub's own account and with the auditor's role in other
 * accounts. All accounts share one client for each service and region: building one for each account costs half as much
 * as its calls (docs/adr/0007).
 *
 * @param listsOrganization whether {@link Sources.listAccounts} will be called: the first page is then asked for while
 *   AWS says who the caller is
 * @throws CannotStartError without a region or valid credentials
 */
export async function connect(
  defaults: ClientDefaults,
  role: AuditRole,
  pacing: Pacing,
  { listsOrganization = false }: ConnectOptions = {},
): Promise<Sources> {
  const traffic = openTraffic(pacing);
  const requestHandler = stoppable(defaults.requestHandler, traffic.signal);
  const common = { ...defaults, requestHandler, cacheMiddleware: true };

  const retryStrategy = traffic.strategyOf(callerLane);
  const sts = new STSClient({ ...common, retryStrategy });
  const hub = { credentials: sts.config.credentials, lane: traffic.openLane(traffic.siblings(stsCalls)) };
  /** Runs calls of the hub to STS with its own credentials. They share one quota, so they share one lane. */
  const asHub = <Answer>(work: () => Promise<Answer>): Promise<Answer> => callingAs(hub, work);
  const listOrganization = () => {
    const lane = traffic.openLane();
    const own = { credentials: hub.credentials, retryStrategy: traffic.strategyOf(() => lane) };
    return listAccounts(new OrganizationsClient({ ...common, ...own, region: sts.config.region }));
  };
  let listed = listsOrganization ? begun(listOrganization()) : null;
  const identity = await asHub(() => identify(sts));
  const { region: hubRegion } = identity;
  const stsOf = oneForEachRegion((region) =>
    region === hubRegion
      ? sts
      : new STSClient({ ...common, retryStrategy, region, credentials: hub.credentials }),
  );
  const sessionOf = openSessions({ sts: stsOf, asHub }, role, hubRegion, pacing.clock.now);
  const credentialsOf = (account: string): Caller["credentials"] =>
    account === identity.account ? sts.config.credentials : sessionOf(account);

  const siblingsOf = memoize(new WeakMap<Caller["credentials"], SiblingsOf>(), () =>
    memoize(new Map<keyof RegistryReader, Siblings>(), () => traffic.siblings(accountCalls)),
  );

  const access = { ...common, credentials: callerCredentials, retryStrategy };
  const ecr = oneForEachRegion((region) => new ECRClient({ ...access, region }));
  const secretsManager = oneForEachRegion((region) => new SecretsManagerClient({ ...access, region }));
  const trails = oneForEachRegion(async (region) => {
    const { CloudTrailClient, readTrail } = await import("./trail.ts");
    return { client: new CloudTrailClient({ ...access, region }), read: readTrail };
  });
  const metrics = oneForEachRegion(async (region) => {
    const { CloudWatchClient, countPulls } = await import("./metrics.ts");
    return { client: new CloudWatchClient({ ...access, region }), count: countPulls };
  });
  const accounts = oneForEachRegion((region) => new AccountClient({ ...access, region }));
  return {
    identity,
    listAccounts: () => {
      const accounts = listed ?? listOrganization();
      listed = null;
      return accounts;
    },
    listEnabledRegions: (account) => {
      const caller = { credentials: credentialsOf(account), lane: traffic.openLane() };
      return callingAs(caller, () => listEnabledRegions(accounts(hubRegion)));
    },
    openRegistry: ({ account, region }) => {
      const reader: RegistryReader = {
        ...openRegistry(ecr(region), () => secretsManager(region)),
        countPulls: async (names, time) => {
          const { client, count } = await metrics(region);
          return count(client, names, time);
        },
      };
      const credentials = credentialsOf(account);
      return readingAs(credentials, reader, (operation) =>
        traffic.openLane(siblingsOf(credentials)(operation)),
      );
    },
    openTrail: ({ account, region }) => {
      const oneAtOnce = traffic.siblings({ first: 1, most: 1 });
      const lane = traffic.openLane({ ...oneAtOnce, ...trailCalls });
      const caller = { credentials: credentialsOf(account), lane };
      return async (question) => {
        const { client, read } = await trails(region);
        return callingAs(caller, () => read(client, question));
      };
    },
    room: traffic.room,
    calls: traffic.calls,
    stop: traffic.stop,
    stopped: traffic.signal,
  };
}

/** What the audit will ask for. */
type ConnectOptions = { readonly listsOrganization?: boolean };

/** The clients of a service differ only by region: one client serves all accounts of a region. */
function oneForEachRegion<Client extends object>(
  open: (region: string) => Client,
): (region: string) => Client {
  return memoize(new Map<string, Client>(), open);
}

/** What the lanes of an operation share within an account. */
type SiblingsOf = (operation: keyof RegistryReader) => Siblings;

/** Reads with an account's credentials. Each operation has its own lane, because AWS throttles each separately. */
function readingAs(
  credentials: Caller["credentials"],
  reader: RegistryReader,
  newLane: (operation: keyof RegistryReader) => Lane,
): RegistryReader {
  const inLane = <Asked extends unknown[], Answer>(
    operation: keyof RegistryReader,
    read: (...asked: Asked) => Promise<Answer>,
  ) => {
    const caller = { credentials, lane: newLane(operation) };
    return (...asked: Asked) => callingAs(caller, () => read(...asked));
  };
  return {
    listRules: inLane("listRules", reader.listRules),
    validateRule: inLane("validateRule", reader.validateRule),
    listCreationTemplates: inLane("listCreationTemplates", reader.listCreationTemplates),
    describeScanning: inLane("describeScanning", reader.describeScanning),
    readRegistryPolicy: inLane("readRegistryPolicy", reader.readRegistryPolicy),
    describeSecret: inLane("describeSecret", reader.describeSecret),
    readSecretVersion: inLane("readSecretVersion", reader.readSecretVersion),
    listRepositories: inLane("listRepositories", reader.listRepositories),
    readLifecyclePolicy: inLane("readLifecyclePolicy", reader.readLifecyclePolicy),
    readRepositoryPolicy: inLane("readRepositoryPolicy", reader.readRepositoryPolicy),
    countPulls: inLane("countPulls", reader.countPulls),
  };
}
