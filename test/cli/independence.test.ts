import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-file.ts";

describe.each(["src", "functions"])("%s/", (folder) => {
  const files = readdirSync(packageFile(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map(({ parentPath, name }) => join(parentPath, name));

  it("does not know that there is a simulated AWS, nor the tests and the demo", () => {
    const knowing = files.filter((file) =>
      /simulat|AWS_ENDPOINT_URL|\/(test|demo)\//i.test(readFileSync(file, "utf8")),
    );
    expect(files.length).toBeGreaterThan(3);
    expect(knowing).toEqual([]);
  });
});
