import { problemsOfSeed } from "./seed.ts";

/**
 * Plays the seeds from the arguments and prints a line of JSON for each. It never calls `process.exit`: if it does not
 * end, an audit left a handle open.
 */
const now = new Date();

// The SDK waits a random time between attempts, up to seconds. Here it never waits.
Math.random = () => 0;

for (const seed of process.argv.slice(2).map(Number)) {
  const problems = await problemsOfSeed(seed, now);
  process.stdout.write(`${JSON.stringify({ seed, problems })}\n`);
}
