import { defineConfig } from "vitest/config";
import { common } from "./vitest.config.ts";

/** The tests by which mutants of src/checks, src/policy and src/audit are told: the quick ones beside them. */
export default defineConfig({
  // What one mutant made a module remember must not reach the tests of the next.
  test: { ...common, isolate: true, include: ["test/{checks,policy,audit}/**/*.test.ts"] },
});
