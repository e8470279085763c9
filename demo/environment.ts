import process from "node:process";

type Environment = Readonly<Record<string, string>>;

/**
 * Points this process at the simulated AWS. The user's AWS settings are removed first, including the configuration
 * files: a demo must never reach a real account.
 */
export function enterSimulatedAws(simulated: Environment, settings: Environment): NodeJS.ProcessEnv {
  for (const name of Object.keys(process.env)) {
    if (/^(AWS|AUDIT)_|^https?_proxy$/i.test(name)) delete process.env[name];
  }
  return Object.assign(process.env, simulated, settings, {
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  });
}
