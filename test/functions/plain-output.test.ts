import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const telemetry = fileURLToPath(new URL("../../functions/shared/telemetry.ts", import.meta.url));

/** What a library does that was not written for functions. */
const noisy = `
  await import(${JSON.stringify(telemetry)});
  console.log("plain", { some: "thing" });
  console.error(new RangeError("out of\\nrange"));
  console.warn("two\\nlines", 3n === 3n, undefined);
  process.emitWarning("this is old", "DeprecationWarning");
  await import("node:sqlite");
  new Promise((resolve) => setImmediate(resolve));
`;

it("every line that a function's process writes is JSON, be it a warning of Node.js or of a library", () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", noisy], {
    encoding: "utf8",
  });
  expect(status).toBe(0);
  const lines = `${stdout}\n${stderr}`.split("\n").filter((line) => line !== "");
  const logged = lines.map((line): unknown => JSON.parse(line));
  expect(logged).toContainEqual(
    expect.objectContaining({ level: "INFO", said: ["plain", '{"some":"thing"}'] }),
  );
  expect(logged).toContainEqual(
    expect.objectContaining({ level: "ERROR", said: ["RangeError: out of\nrange"] }),
  );
  expect(logged).toContainEqual(
    expect.objectContaining({ level: "WARN", warning: "DeprecationWarning: this is old" }),
  );
  expect(logged.length).toBeGreaterThanOrEqual(4);
});
