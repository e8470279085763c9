import { afterAll, expect } from "vitest";

/** What files of tests change of their process, as it is now. */
function state() {
  // Powertools names itself to the SDK when it is loaded.
  const { AWS_SDK_UA_APP_ID: _powertools, ...environment } = process.env;
  return {
    environment,
    folder: process.cwd(),
    random: Math.random,
    date: Date,
    fetch: globalThis.fetch,
    setTimeout: globalThis.setTimeout,
    writeOutput: process.stdout.write,
    writeErrors: process.stderr.write,
  };
}

const before = state();

// The next file runs in this process, and must not meet what this one has changed.
afterAll(() => {
  expect(state()).toEqual(before);
});
