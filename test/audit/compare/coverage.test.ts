import { describe, expect, it } from "vitest";
import { aGap } from "../../support/report-builders.ts";
import { anAudit, anAuditScope, audits } from "./support.ts";

const { coverage: all } = anAudit();
const seen = (planned: number, audited: number) => ({
  coverage: {
    ...all,
    planned,
    audited,
    unreachable: planned - audited,
    gaps: planned > audited ? [aGap()] : [],
  },
});
const part = { auditScope: anAuditScope({ wholeScope: false }) };

describe("coverage", () => {
  it.each([
    ["with nothing to compare, when there is a gap", [seen(4, 3)], true],
    ["with nothing to compare, not when all was seen", [seen(4, 4)], false],
    ["when a smaller share was seen", [seen(4, 4), seen(4, 3)], true],
    ["not when the share is the same", [seen(4, 3), seen(8, 6)], false],
    ["not when a larger share was seen", [seen(4, 2), seen(4, 3)], false],
    ["not in an audit of a part", [seen(4, 4), { ...seen(1, 0), ...part }], false],
    ["against the last audit of the whole", [seen(4, 4), { ...seen(1, 0), ...part }, seen(4, 3)], true],
    ["not for want of registries", [seen(4, 4), seen(0, 0)], false],
  ])("has dropped %s", (_name, sequence, dropped) => {
    expect(audits(...sequence).at(-1)?.coverage.dropped).toBe(dropped);
  });
});
