import { AccountClient } from "@aws-sdk/client-account";
import { ECRClient } from "@aws-sdk/client-ecr";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { RegistryReader, Sources } from "../audit/ports.ts";
import { begun } from "../core/concurrency.ts";
import { memoize } from "../core/memoize.ts";
import { oneForEachRegion, openAccess, openHub, openTrails } from "./access.ts";
import { type Caller, callingAs } from "./caller.ts";
import type { ClientDefaults } from "./http.ts";
import { forManyCalls } from "./many-calls.ts";
import { listAccounts } from "./organizations.ts";
import type { Lane, Siblings } from "./pace/lane.ts";
import type { Pacing } from "./pace/traffic.ts";
import { listEnabledRegions } from "./regions.ts";
import { openRegistry } from "./registry.ts";
import type { AuditRole } from "./sessions.ts";

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
  const hub = openHub(defaults, pacing);
  const { traffic, common } = hub;
  const listOrganization = () => {
    const lane = traffic.openLane();
    const own = { credentials: hub.credentials, retryStrategy: traffic.strategyOf(() => lane) };
    return listAccounts(new OrganizationsClient({ ...common, ...own, region: hub.region }));
  };
  let listed = listsOrganization ? begun(listOrganization()) : null;
  const access = await openAccess(hub, role, pacing.clock.now);
  const { identity, credentialsOf, clients } = access;

  const siblingsOf = memoize(new WeakMap<Caller["credentials"], SiblingsOf>(), () =>
    memoize(new Map<keyof RegistryReader, Siblings>(), () => traffic.siblings(accountCalls)),
  );

  const ecr = oneForEachRegion((region) => forManyCalls(new ECRClient({ ...clients, region })));
  const secretsManager = oneForEachRegion((region) => new SecretsManagerClient({ ...clients, region }));
  const metrics = oneForEachRegion(async (region) => {
    const { CloudWatchClient, countPulls } = await import("./metrics.ts");
    return { client: new CloudWatchClient({ ...clients, region }), count: countPulls };
  });
  const accounts = oneForEachRegion((region) => new AccountClient({ ...clients, region }));
  return {
    identity,
    listAccounts: () => {
      const accounts = listed ?? listOrganization();
      listed = null;
      return accounts;
    },
    listEnabledRegions: (account) => {
      const caller = { credentials: credentialsOf(account), lane: traffic.openLane() };
      return callingAs(caller, () => listEnabledRegions(accounts(identity.region)));
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
    openTrail: openTrails(access),
    room: ({ account }) => traffic.room(() => credentialsOf(account)()),
    calls: traffic.calls,
    stop: traffic.stop,
    stopped: traffic.signal,
  };
}

/** What the audit will ask for. */
type ConnectOptions = { readonly listsOrganization?: boolean };

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
    let caller: Caller | null = null;
    return (...asked: Asked) => {
      caller ??= { credentials, lane: newLane(operation) };
      return callingAs(caller, () => read(...asked));
    };
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
    measureRepository: inLane("measureRepository", reader.measureRepository),
  };
}
