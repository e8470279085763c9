import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { sha256Of } from "../../src/core/ids.ts";
import { verifyStore } from "../../src/evidence/verify.ts";
import { verificationText } from "../../src/formats/verification.ts";
import { anAudit, memoryFiles } from "./chained-store.ts";

/** One of up to three auditors takes the next step of its audit; `crash` drops its audit where it stands. */
const step = fc.record({
  auditor: fc.nat(2),
  does: fc.constantFrom("next", "next", "next", "next", "next", "crash"),
  /** Hours that the clock moves; it may jump back. */
  hours: fc.integer({ min: -30, max: 60 }),
});

const history = fc.array(step, { minLength: 1, maxLength: 40 });

async function played(steps: Iterable<{ auditor: number; does: string; hours: number }>) {
  const memory = memoryFiles();
  const running = new Map<number, { audit: ReturnType<typeof anAudit>; at: number }>();
  const kept = new Set<string>();
  let time = Date.UTC(2026, 10, 20, 2);
  let number = 0;
  for (const { auditor, does, hours } of steps) {
    time += hours * 3_600_000;
    if (does === "crash") {
      running.delete(auditor);
      continue;
    }
    number += 1;
    const one = running.get(auditor) ?? { audit: anAudit(memory, number, new Date(time)), at: 0 };
    const { audit, at } = one;
    if (at === 0) await audit.start();
    if (at === 1) {
      await audit.keep();
      kept.add(audit.auditId);
    }
    if (at === 2) await audit.end();
    if (at === 2) running.delete(auditor);
    else running.set(auditor, { audit, at: at + 1 });
  }
  return { memory, kept };
}

/** Where a report has a digit of the name or of the SHA-256 of a report before it. */
function linkDigitsOf(bytes: Buffer = Buffer.alloc(0)): readonly number[] {
  const text = bytes.toString("latin1");
  const [links = ""] = /"previous": [^\]]*\]/.exec(text) ?? [];
  const start = text.indexOf(links);
  return [...links.matchAll(/"([0-9a-f]{64}|[0-9TZa-f-]{25})"/g)].flatMap(({ index, 1: value = "" }) =>
    [...value].flatMap((digit, at) => (/[0-9a-f]/.test(digit) ? [start + index + 1 + at] : [])),
  );
}

describe("verifying a store", () => {
  it("finds nothing in what the auditor wrote, whatever ran at once or did not end", async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const { memory, kept } = await played(steps);
        const found = await verifyStore(memory.stored);
        expect(found.problems).toEqual([]);
        expect(found).toMatchObject({ reports: kept.size, chained: kept.size, beforeChain: [] });
        expect(new Set(memory.reads).size).toBe(memory.reads.length);
      }),
      { numRuns: 150 },
    );
  });

  it("finds any byte that was changed, and names the file", async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        fc.nat(),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        async (steps, which, where, change) => {
          const { memory } = await played(steps);
          const { unnamed } = await verifyStore(memory.stored);
          // Nothing can vouch for a report that nothing names: verify lists it.
          const paths = [...memory.files.keys()].filter(
            (path) => !unnamed.some((id) => path.includes(id) && path.endsWith("report.json")),
          );
          const path = paths[which % Math.max(1, paths.length)];
          const bytes = path === undefined ? undefined : memory.files.get(path);
          fc.pre(path !== undefined && bytes !== undefined);
          const altered = Buffer.from(bytes);
          const at = Math.floor(where * altered.length);
          altered[at] = (altered[at] ?? 0) ^ change;
          memory.files.set(path, altered);
          const { problems } = await verifyStore(memory.stored);
          expect(problems.map((one) => one.path)).toContain(path);
          const others = problems.filter((one) => one.path !== path);
          expect(others).toEqual([]);
        },
      ),
      { numRuns: 600 },
    );
  });

  it("finds a link that names another report, and does not blame the reports that it names", async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.nat(), fc.nat(), fc.nat(), async (steps, which, where, digit) => {
        const { memory } = await played(steps);
        const whole = await verifyStore(memory.stored);
        const vouched = [...memory.files.keys()].filter(
          (path) => path.endsWith("report.json") && !whole.unnamed.some((id) => path.includes(id)),
        );
        const linked = vouched.flatMap((path) =>
          linkDigitsOf(memory.files.get(path)).map((at) => ({ path, at })),
        );
        // Mostly the digits of one report, so that each part of a link is drawn as often as another.
        const { path, at } = linked[(which * 101 + where) % Math.max(1, linked.length)] ?? {};
        fc.pre(path !== undefined && at !== undefined);
        const altered = Buffer.from(memory.files.get(path) ?? "");
        const others = [..."0123456789abcdef"].filter((one) => one !== String.fromCharCode(altered[at] ?? 0));
        altered.write(others[digit % others.length] ?? "", at);
        memory.files.set(path, altered);
        const { problems, unnamed } = await verifyStore(memory.stored);
        expect(problems).toEqual([expect.objectContaining({ kind: "altered", path })]);
        expect(unnamed).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("finds several altered files, blames no other, and says which it cannot tell", async () => {
    const tampering = fc.record({
      which: fc.nat(),
      where: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      change: fc.integer({ min: 1, max: 255 }),
    });
    const several = fc.array(tampering, { minLength: 2, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(history, several, async (steps, changes) => {
        const { memory } = await played(steps);
        const tampered = new Set<string>();
        const pointer = z
          .object({ auditId: z.string() })
          .safeParse(JSON.parse(memory.files.get("latest.json")?.toString() ?? "null"));
        for (const { which, where, change } of changes) {
          const paths = [...memory.files.keys()].filter((path) => !tampered.has(path));
          const path = paths[which % Math.max(1, paths.length)];
          const altered = Buffer.from(memory.files.get(path ?? "") ?? "");
          if (path === undefined) continue;
          const at = Math.floor(where * altered.length);
          altered[at] = (altered[at] ?? 0) ^ change;
          memory.files.set(path, altered);
          tampered.add(path);
        }
        const { problems, unnamed, cutOff } = await verifyStore(memory.stored);
        const reportOf = (path: string) => path.replace(/[^/]+$/, "report.json");
        const isUntold = (path: string) => [...unnamed, ...cutOff].some((id) => path.includes(id));
        const isEither = ({ detail }: (typeof problems)[number], path: string) => detail.includes(path);
        for (const one of problems) {
          const isSo = tampered.has(one.path) || [...tampered].some((path) => isEither(one, path));
          // A report that nothing vouches for may name other files than those that were stored with it.
          const byReport = tampered.has(reportOf(one.path)) && isUntold(one.path);
          if (!isSo && !byReport) expect(one).toBeUndefined();
        }
        // Without the report that it names, little of latest.json can be verified.
        const isPointed = ({ path }: { path: string }) => path.includes(pointer.data?.auditId ?? "/");
        for (const path of tampered) {
          if (path === "latest.json" && problems.some(isPointed)) continue;
          const isFound = problems.some((one) => one.path === path || isEither(one, path));
          const isBeside = problems.some(
            (one) => one.path === reportOf(path) || isEither(one, reportOf(path)),
          );
          if (!isFound && !isBeside && !isUntold(path)) expect(path).toBeUndefined();
        }
      }),
      { numRuns: 300 },
    );
  });

  it("finds every file that was removed", async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.nat(), async (steps, which) => {
        const { memory } = await played(steps);
        const { unnamed } = await verifyStore(memory.stored);
        const paths = [...memory.files.keys()].filter(
          (path) => !unnamed.some((id) => path.includes(id)) && path.startsWith("audits/"),
        );
        const path = paths[which % Math.max(1, paths.length)];
        fc.pre(path !== undefined);
        memory.files.delete(path);
        expect((await verifyStore(memory.stored)).problems).toContainEqual(
          expect.objectContaining({ kind: "missing", path }),
        );
      }),
      { numRuns: 150 },
    );
  });
});

describe("verifying a store of three nights", () => {
  const nights = async () => {
    const memory = memoryFiles();
    const states: Buffer[] = [];
    const audits = [20, 21, 22].map((day) => anAudit(memory, day, new Date(Date.UTC(2026, 10, day, 2))));
    for (const audit of audits) {
      await audit.start();
      await audit.keep();
      await audit.end();
      states.push(memory.files.get("state.json") ?? Buffer.alloc(0));
    }
    const paths = [...memory.files.keys()].filter((path) => path.endsWith("report.json"));
    return { memory, states, paths };
  };

  it("says from which day on it is broken", async () => {
    const { memory, paths } = await nights();
    memory.files.delete(paths[1] ?? "");
    expect(await verifyStore(memory.stored)).toMatchObject({
      begins: "2026-11-20",
      ends: "2026-11-22",
      brokenFrom: "2026-11-21",
      problems: [{ kind: "missing", path: paths[1], day: "2026-11-21" }],
    });
  });

  it("believes no list of files in an altered report", async () => {
    const { memory, paths } = await nights();
    const [, path = ""] = paths;
    const text = memory.files.get(path)?.toString() ?? "";
    memory.files.set(path, Buffer.from(text.replace('"policy.json"', '"qolicy.json"')));
    expect((await verifyStore(memory.stored)).problems).toMatchObject([{ kind: "altered", path }]);
  });

  it("believes no report that nothing names about one that the chain names", async () => {
    const { memory, paths } = await nights();
    const [, path = ""] = paths;
    const text = memory.files.get(path)?.toString() ?? "";
    const altered = text.replace("Example organization", "Another organization");
    memory.files.set(path, Buffer.from(altered));
    const { auditId } = JSON.parse(altered);
    const placed = JSON.stringify({
      ...JSON.parse(memory.files.get(paths[2] ?? "")?.toString() ?? ""),
      auditId: "20261123T020000Z-0000000f",
      startedAt: "2026-11-23T02:00:00.000Z",
      previous: { auditId, sha256: sha256Of(altered) },
      files: [],
    });
    memory.files.set("audits/2026/11/23/20261123T020000Z-0000000f/report.json", Buffer.from(placed));
    expect((await verifyStore(memory.stored)).problems).toMatchObject([{ kind: "altered", path }]);
  });

  it("says that the reports before one that cannot be read are cut off, each time in good English", async () => {
    const { memory, paths } = await nights();
    memory.files.set(paths[1] ?? "", Buffer.from("{"));
    const found = await verifyStore(memory.stored);
    const [cutOff] = paths.map((path) => path.split("/").at(-2));
    expect(found).toMatchObject({ unnamed: [], cutOff: [cutOff] });
    const text = (verification: typeof found) =>
      verificationText(verification, { color: false, width: 1000 });
    expect(text(found)).toContain(`Note: 1 report is named by no unaltered file: ${cutOff}.`);
    const two = { ...found, reports: 1, cutOff: [], unnamed: ["a", "b"], beforeChain: ["c"] };
    expect(text(two)).toContain("1 report in /store, 2 of them chained");
    expect(text(two)).toContain("Note: 2 reports are named by no other file: a, b.");
    expect(text(two)).toContain("Note: 1 report was stored by a version");
  });

  it("tells an edited digest in latest.json from an altered report", async () => {
    const { memory } = await nights();
    const audit = anAudit(memory, 23, new Date(Date.UTC(2026, 10, 23, 2)));
    await audit.start();
    await audit.keep();
    const text = memory.files.get("latest.json")?.toString() ?? "";
    memory.files.set(
      "latest.json",
      Buffer.from(text.replace(/.(?="\n\})/, (digit) => (digit === "f" ? "0" : "f"))),
    );
    expect((await verifyStore(memory.stored)).problems).toMatchObject([
      { kind: "altered", path: "latest.json" },
    ]);
    memory.files.set("latest.json", Buffer.from(text));
    const path = [...memory.files.keys()].find(
      (name) => name.includes("/23/") && name.endsWith("report.json"),
    );
    memory.files.set(
      path ?? "",
      Buffer.concat([memory.files.get(path ?? "") ?? Buffer.alloc(0), Buffer.from(" ")]),
    );
    expect((await verifyStore(memory.stored)).problems).toMatchObject([
      { kind: "altered", path, detail: expect.stringContaining("latest.json, which alone names it") },
    ]);
  });

  it("takes no report for altered because its audit was continued, and stored it again", async () => {
    const { memory } = await nights();
    const [first, other, last] = [23, 24, 25].map((day) =>
      anAudit(memory, day, new Date(Date.UTC(2026, 10, day, 2))),
    );
    const problems = async () => (await verifyStore(memory.stored)).problems;
    await first?.start();
    await first?.keep();
    // Another audit finds it in latest.json, and the state then has its digest.
    await other?.start();
    await other?.keep();
    await other?.end();
    await first?.start();
    await first?.keep(15);
    expect(await problems()).toEqual([]);
    // It fails again, and the next audit finds the new digest.
    await last?.start();
    await last?.keep();
    await last?.end();
    expect(await problems()).toEqual([]);
    await first?.start();
    await first?.keep(30);
    await first?.end();
    expect(await problems()).toEqual([]);
  });

  it("does not miss reports of days before `from`", async () => {
    const { memory } = await nights();
    for (const path of memory.files.keys()) if (path.includes("/20/")) memory.files.delete(path);
    expect((await verifyStore(memory.stored)).problems).toHaveLength(1);
    expect(await verifyStore(memory.stored, { from: "2026-11-21" })).toMatchObject({
      problems: [],
      reports: 2,
    });
  });

  it("finds two reports that were exchanged", async () => {
    const { memory, paths } = await nights();
    const [first = "", second = ""] = paths;
    const bytes = [first, second].map((path) => memory.files.get(path) ?? Buffer.alloc(0));
    memory.files.set(first, bytes[1] ?? Buffer.alloc(0));
    memory.files.set(second, bytes[0] ?? Buffer.alloc(0));
    expect((await verifyStore(memory.stored)).problems).toMatchObject([
      { kind: "out-of-order", path: first },
      { kind: "out-of-order", path: second },
    ]);
  });

  it("finds an earlier state in place of the last one, and a state that is gone", async () => {
    const { memory, states } = await nights();
    memory.files.set("state.json", states[0] ?? Buffer.alloc(0));
    expect((await verifyStore(memory.stored)).problems).toMatchObject([
      { kind: "out-of-order", path: "state.json" },
    ]);
    memory.files.delete("state.json");
    expect((await verifyStore(memory.stored)).problems).toMatchObject([
      { kind: "missing", path: "state.json" },
    ]);
  });

  it("says which reports are older than the chain", async () => {
    const { memory, paths } = await nights();
    const text = memory.files.get(paths[0] ?? "")?.toString() ?? "";
    const { previous: _1, alsoPrevious: _2, deliveries: _3, files: _4, ...old } = JSON.parse(text);
    const older = { ...old, auditId: "20261119T020000Z-0000000f", startedAt: "2026-11-19T02:00:00.000Z" };
    memory.files.set(`audits/2026/11/19/${older.auditId}/report.json`, Buffer.from(JSON.stringify(older)));
    expect(await verifyStore(memory.stored)).toMatchObject({ problems: [], beforeChain: [older.auditId] });
  });
});
