import { defineConfig } from "vitest/config";
import { common } from "./vitest.config.ts";

/** The tests by which mutants of src/checks, src/policy and src/audit are told: the quick ones beside them. */
export default defineConfig({
  test: { ...common, include: ["test/{checks,policy,audit}/**/*.test.ts"] },
});
