import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** The tests by which mutants of src/checks, src/policy and src/audit are told: the quick ones beside them. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ["test/{checks,policy,audit}/**/*.test.ts"] },
});
