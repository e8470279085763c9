import { join, resolve, sep } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StoreError } from "../../../src/audit/ports.ts";
import { pathInside } from "../../../src/audit/state/path-inside.ts";
import { folderStore } from "../../../src/local/folder-store.ts";
import { aReport } from "../../support/report-builders.ts";

const hostileName = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(fc.constantFrom("..", ".", "/", "\\", "a", "", "\0", "%2e", "\u001b", "C:", "~"), { maxLength: 8 })
    .map((parts) => parts.join("")),
  fc.array(fc.constantFrom("..", "a", ".", "")).map((parts) => parts.join("/")),
);

describe("a path inside a folder", () => {
  it("never leads out of it, whatever the names are", () => {
    fc.assert(
      fc.property(hostileName, (name) => {
        const folder = resolve("/some/store");
        try {
          const path = pathInside(name);
          expect(path).toBe(name);
          expect(join(folder, path).startsWith(`${folder}${sep}`)).toBe(true);
          expect(resolve(folder, path).startsWith(`${folder}${sep}`)).toBe(true);
          expect(path).toMatch(/^[\x21-\x7e]+$/);
        } catch (error) {
          if (!(error instanceof StoreError)) throw error;
        }
      }),
    );
  });

  it.each([
    "state.json",
    "audits/2026/11/20/20261120T020000Z-ab12/report.json",
    "111122223333-eu-west-1.json",
    "work/",
  ])("may be %s", (path) => expect(pathInside(path)).toBe(path));

  it.each(["../x", "a/../../x", "/etc/passwd", "a//b", "", ".", "a\\..\\b", "a\0b", "a\nb"])(
    "may not be %j",
    (path) => {
      expect(() => pathInside(path)).toThrow(StoreError);
    },
  );

  it("holds for what a store writes: a report whose id is a path is not kept", async () => {
    const report = { ...aReport(), auditId: "../../../escaped" };
    await expect(folderStore("/nowhere/store").keepReport(report, [])).rejects.toThrow(
      /would lead out of the folder/,
    );
  });
});
