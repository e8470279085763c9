import { problemsOfSeed } from "./seed.ts";

/**
 * Plays the seeds that it is given as arguments and prints a line of JSON for each. It ends by itself or not at all:
 * what keeps it from ending is a handle that an audit left open.
 */
const now = new Date();

// The SDK draws its pauses between attempts at random, up to seconds: here it always draws none.
Math.random = () => 0;

for (const seed of process.argv.slice(2).map(Number)) {
  const problems = await problemsOfSeed(seed, now);
  process.stdout.write(`${JSON.stringify({ seed, problems })}\n`);
}
