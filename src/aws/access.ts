import { STSClient } from "@aws-sdk/client-sts";
import type { Clock, Identity, Sources } from "../audit/ports.ts";
import { memoize } from "../core/memoize.ts";
import { type Caller, callerCredentials, callerLane, callingAs } from "./caller.ts";
import { type ClientDefaults, stoppable } from "./http.ts";
import { identify } from "./identity.ts";
import { openTraffic, type Pacing } from "./pace/traffic.ts";
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

/** Access to AWS with the SDK's default credentials. */
export type Hub = ReturnType<typeof openHub>;

/** Opens access with the SDK's default credentials. Calls nothing. */
export function openHub(defaults: ClientDefaults, pacing: Pacing) {
  const traffic = openTraffic(pacing);
  const requestHandler = stoppable(defaults.requestHandler, traffic.signal);
  const common = { ...defaults, requestHandler, cacheMiddleware: true };
  const retryStrategy = traffic.strategyOf(callerLane);
  const sts = new STSClient({ ...common, retryStrategy });
  const { credentials, region } = sts.config;
  const caller = { credentials, lane: traffic.openLane(traffic.siblings(stsCalls)) };
  // A call has its slot when it is signed, and a session may end while it waits for the slot.
  const renewer = {
    credentials,
    lane: traffic.openLane({ ...traffic.siblings(stsCalls), needsSlot: false }),
  };
  /** Runs calls of the hub to STS with its own credentials. They share one quota, so they share one lane. */
  const asHub = <Answer>(work: () => Promise<Answer>, { isRenewal = false } = {}): Promise<Answer> =>
    callingAs(isRenewal ? renewer : caller, work);
  return { traffic, common, retryStrategy, sts, credentials, region, asHub };
}

/** Access to all accounts: with the hub's credentials in its own, with the auditor's role in others. */
export type Access = Hub & {
  readonly identity: Identity;
  readonly credentialsOf: (account: string) => Caller["credentials"];
  /** What the clients share that serve all accounts of a region. */
  readonly clients: Hub["common"] &
    Pick<Hub, "retryStrategy"> & { readonly credentials: typeof callerCredentials };
};

/**
 * Opens access to all accounts.
 *
 * @throws CannotStartError without a region or valid credentials
 */
export async function openAccess(hub: Hub, role: AuditRole, now: Clock["now"]): Promise<Access> {
  const { common, retryStrategy, sts, credentials, asHub } = hub;
  const identity = await asHub(() => identify(sts));
  const stsOf = oneForEachRegion((region) =>
    region === identity.region ? sts : new STSClient({ ...common, retryStrategy, region, credentials }),
  );
  const sessionOf = openSessions({ sts: stsOf, asHub }, role, identity.region, now);
  return {
    ...hub,
    identity,
    credentialsOf: (account) => (account === identity.account ? credentials : sessionOf(account)),
    clients: { ...common, credentials: callerCredentials, retryStrategy },
  };
}

/** Opens CloudTrail's event history of any account and region. */
export function openTrails({ traffic, credentialsOf, clients }: Access): Sources["openTrail"] {
  const trails = oneForEachRegion(async (region) => {
    const { CloudTrailClient, readTrail } = await import("./trail.ts");
    return { client: new CloudTrailClient({ ...clients, region }), read: readTrail };
  });
  return ({ account, region }) => {
    const oneAtOnce = traffic.siblings({ first: 1, most: 1 });
    const lane = traffic.openLane({ ...oneAtOnce, ...trailCalls });
    const caller = { credentials: credentialsOf(account), lane };
    return async (question) => {
      const { client, read } = await trails(region);
      return callingAs(caller, () => read(client, question));
    };
  };
}

/** The clients of a service differ only by region: one client serves all accounts of a region. */
export function oneForEachRegion<Client extends object>(
  open: (region: string) => Client,
): (region: string) => Client {
  return memoize(new Map<string, Client>(), open);
}
