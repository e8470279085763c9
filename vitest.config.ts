import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig, type TestUserConfig } from "vitest/config";

// Node.js keeps what it compiled of modules there: the tests' many processes start in half the time.
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(new URL("node_modules/.cache/node", import.meta.url));

/** Ten minutes: no test takes a fraction of that on any machine, so that only one that hangs reaches it. */
const hangs = 600_000;

/** What holds for all tests. */
export const common = {
  testTimeout: hangs,
  hookTimeout: hangs,
  teardownTimeout: hangs,
  expect: { poll: { timeout: hangs / 2 } },
  // A process that runs many files loads the sources once. What a file changes of the process it puts back, which the
  // setup file sees to.
  isolate: false,
  setupFiles: ["test/support/nothing-left.ts"],
  // Tests speak to their own simulator or to mocks: nothing of the machine's AWS set-up may reach them.
  env: {
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CA_BUNDLE: "",
    AWS_DEFAULT_REGION: "",
    HTTP_PROXY: "",
    HTTPS_PROXY: "",
    http_proxy: "",
    https_proxy: "",
    NO_PROXY: "",
    no_proxy: "",
  },
} as const satisfies TestUserConfig;

/** Where tests are that are not quick, by what they take: they start processes, package, or open a browser. */
const slow = {
  // What is made once for them all is made first.
  packages: ["test/package/{*deployed,release,reproducible,security-hub,invoke-local,offline}.test.ts"],
  templates: ["test/deploy/**/*.test.ts", "test/package/*template.test.ts"],
  browser: ["test/browser/**/*.test.ts"],
  fuzz: ["test/fuzz/**/*.test.ts"],
  e2e: [
    "test/{bench,tools,e2e}/**/*.test.ts",
    "test/cli/process.test.ts",
    "test/package/installed.test.ts",
    "test/{action,demo,demo.messages}.test.ts",
  ],
} as const;

function project(name: string, test: TestUserConfig) {
  return { extends: true, test: { name, ...test } } as const;
}

export default defineConfig({
  test: {
    ...common,
    // One more than the cores: some tests wait for a time to pass.
    maxWorkers: availableParallelism() + 1,
    projects: [
      project("unit", {
        include: ["test/**/*.test.ts"],
        exclude: Object.values(slow).flat(),
      }),
      project("packages", { include: [...slow.packages], globalSetup: ["test/package/make-packages.ts"] }),
      project("templates", { include: [...slow.templates], globalSetup: ["test/package/make-templates.ts"] }),
      project("browser", { include: [...slow.browser], globalSetup: ["test/browser/support/launch.ts"] }),
      project("fuzz", { include: [...slow.fuzz] }),
      project("e2e", { include: [...slow.e2e] }),
    ],
  },
});
