import process from "node:process";

type Environment = Readonly<Record<string, string>>;

/**
 * Turns this process away from the real AWS and to the simulated one. Whatever the user has set for AWS is
 * taken out first, configuration files included: a demonstration must never reach a real account.
 */
export function enterSimulatedAws(simulated: Environment, settings: Environment): NodeJS.ProcessEnv {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith("AWS_") || name.startsWith("AUDIT_")) delete process.env[name];
  }
  return Object.assign(process.env, simulated, settings, {
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  });
}
