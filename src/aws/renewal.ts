import { currentCredentials } from "./caller.ts";
import { EndedCredentialsError, type RefusedCredentials, refusedCredentials } from "./errors.ts";

/**
 * A provider of credentials as the SDK's clients have it: with `forceRefresh` it reads its source again. The provider
 * of a member's session names the role.
 */
type Provider = ((options: { readonly forceRefresh: boolean }) => Promise<unknown>) & {
  readonly roleArn?: string;
};

/** The renewals of one provider's credentials. */
type Renewals = {
  /** How often the credentials were renewed. */
  count: number;
  /** The last renewal. It never rejects: without new credentials, the repeated call fails as the first did. */
  last: Promise<void>;
  /** Whether AWS has accepted the credentials since the last renewal. */
  isProven: boolean;
  /** Whether they were renewed for an error that may have another cause. One such renewal is enough. */
  isExcluded: boolean;
};

const renewalsOf = new WeakMap<Provider, Renewals>();

/**
 * Makes a call. If AWS refuses the credentials it was signed with, their provider renews them, once for all calls
 * that were signed with them, and the call is made once more. AWS refuses credentials before it does any work, so
 * repeating the call is safe even if the operation itself is not repeatable.
 *
 * @param client an SDK client; a client without credentials makes the call only once
 * @param name the operation, for the error: `service:Operation`
 * @throws EndedCredentialsError if the renewed credentials are refused too; and everything that `call` throws
 */
export async function withRenewal<Answer>(
  client: unknown,
  name: string,
  call: () => Promise<Answer>,
): Promise<Answer> {
  const provider = currentCredentials() ?? credentialsIn(client);
  if (provider === null) return call();
  const renewals = renewalsOf.get(provider) ?? {
    count: 0,
    last: Promise.resolve(),
    isProven: true,
    isExcluded: false,
  };
  renewalsOf.set(provider, renewals);

  const attempt = async (): Promise<Answer> => {
    const signedWith = renewals.count;
    const answer = await call();
    if (signedWith === renewals.count) renewals.isProven = true;
    return answer;
  };

  await renewals.last;
  const signedWith = renewals.count;
  try {
    return await attempt();
  } catch (error) {
    const refused = refusedCredentials(error);
    if (refused === null) throw error;
    if (signedWith === renewals.count) {
      if (!mayHelp(renewals, refused)) throw ended(error, refused, name, provider);
      renew(provider, renewals, refused);
    }
  }
  await renewals.last;
  try {
    return await attempt();
  } catch (error) {
    const refused = refusedCredentials(error);
    throw refused === null ? error : ended(error, refused, name, provider);
  }
}

function mayHelp({ isProven, isExcluded }: Renewals, refused: RefusedCredentials): boolean {
  return refused === "expired" ? isProven : !isExcluded;
}

function renew(provider: Provider, renewals: Renewals, refused: RefusedCredentials): void {
  renewals.count += 1;
  renewals.isProven = false;
  if (refused !== "expired") renewals.isExcluded = true;
  renewals.last = provider({ forceRefresh: true }).then(
    () => undefined,
    () => undefined,
  );
}

/** The error of a call whose renewed credentials were refused. A denial keeps the text in which AWS explains it. */
function ended(error: unknown, refused: RefusedCredentials, name: string, { roleArn }: Provider): unknown {
  return refused === "denied" ? error : new EndedCredentialsError(name, roleArn ?? null, error);
}

function credentialsIn(client: unknown): Provider | null {
  const config = memberOf(client, "config");
  const credentials = memberOf(config, "credentials");
  return isProvider(credentials) ? credentials : null;
}

function isProvider(value: unknown): value is Provider {
  return typeof value === "function";
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
