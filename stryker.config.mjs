/**
 * Mutation testing of what judges: checks, policy and audit. `npm run mutate` takes its time; name files to be
 * quick: `npm run mutate -- --mutate src/policy/matching/waivers.ts`.
 */
export default {
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "vitest.mutate.config.ts" },
  mutate: [
    "src/{checks,policy,audit}/**/*.ts",
    // Prose: a changed word is no bug that a test should find. That every kind has words, and that no
    // `undefined` slips into them, is what the tester of checks asserts.
    "!src/checks/texts/**",
    // Shapes of the policy file: half of each is descriptions for editors. What they refuse is tested by
    // test/policy/load.test.ts, where one thing is spoiled at a time.
    "!src/policy/sections/**",
    "!src/policy/schema.ts",
  ],
  coverageAnalysis: "perTest",
  // What is evaluated when a module is loaded is changed for every test: each such mutant would take all tests, and all
  // of them hours.
  ignoreStatic: true,
  timeoutMS: 20_000,
  // A mutant is told by the tests alone; state from an earlier run would hide what a changed test lets live.
  incremental: false,
  concurrency: 2,
  reporters: ["clear-text", "html"],
  clearTextReporter: { allowColor: false, reportTests: false },
};
