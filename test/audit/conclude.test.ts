import { describe, expect, it } from "vitest";
import { DeliveryError, deliver, type NotifyWhen } from "../../src/audit/conclude.ts";
import type { Outlet } from "../../src/audit/ports.ts";
import type { Report } from "../../src/model/report.ts";
import { aDrift, aFinding, aGap, aReport } from "../support/report-builders.ts";

const LOCATION = "s3://audits/report.json";
const opened = aReport({ findings: [aFinding()] });

type Told = [outlet: string, report: Report, location: string | null];

/** Outlets that enter in `told` what they are told. */
function outletsTelling(told: Told[]) {
  const outlet = (name: string, audience: Outlet["audience"]): Outlet => ({
    name,
    audience,
    deliver: async (report, location) => {
      told.push([name, report, location]);
    },
  });
  return [outlet("topic", "people"), outlet("bus", "machines")];
}

async function toldOf(report: Report, notify: NotifyWhen): Promise<readonly string[]> {
  const told: Told[] = [];
  await deliver(report, outletsTelling(told), notify, LOCATION);
  return told.map(([outlet]) => outlet);
}

describe("deliver", () => {
  it("tells every outlet the report and where it is kept", async () => {
    const told: Told[] = [];
    await deliver(opened, outletsTelling(told), "always", LOCATION);
    await deliver(opened, outletsTelling(told), "always", null);
    expect(told).toEqual([
      ["topic", opened, LOCATION],
      ["bus", opened, LOCATION],
      ["topic", opened, null],
      ["bus", opened, null],
    ]);
  });

  it("has nothing to do without outlets", async () => {
    await expect(deliver(opened, [], "always", null)).resolves.toBeUndefined();
  });

  const unchanged = aReport({ findings: [aFinding({ transition: "unchanged" })] });

  it.each([
    { what: "nothing fails", report: aReport() },
    { what: "what fails is known", report: unchanged },
    { what: "only a rule changed", report: aReport({ drift: [aDrift()] }) },
  ])("tells machines alone when $what, unless people always ask to be told", async ({ report }) => {
    expect(await toldOf(report, "changes")).toEqual(["bus"]);
    expect(await toldOf(report, "always")).toEqual(["topic", "bus"]);
    expect(await toldOf(report, "never")).toEqual(["bus"]);
  });

  it.each([
    ...(["opened", "changed", "resolved", "reminded"] as const).map((transition) => ({
      what: `a finding is ${transition}`,
      report: aReport({ findings: [aFinding({ transition })] }),
    })),
    { what: "something could not be seen", report: aReport({ gaps: [aGap()] }) },
  ])("tells people too when $what, unless they never ask to be told", async ({ report }) => {
    expect(await toldOf(report, "changes")).toEqual(["topic", "bus"]);
    expect(await toldOf(report, "always")).toEqual(["topic", "bus"]);
    expect(await toldOf(report, "never")).toEqual(["bus"]);
  });
});

describe("an outlet that fails", () => {
  const broken: readonly (Outlet & { readonly how: string })[] = [
    {
      how: "in the end",
      name: "arn:aws:sns:eu-west-1:111122223333:alerts",
      audience: "people",
      deliver: () => Promise.reject(new RangeError("too long")),
    },
    {
      how: "at once",
      name: "arn:aws:sns:eu-west-1:111122223333:alerts",
      audience: "people",
      deliver: () => {
        throw new RangeError("too long");
      },
    },
  ];

  it.each(broken)("$how keeps none of the others from being told, and is named", async (outlet) => {
    const told: Told[] = [];
    const [first, last] = [outletsTelling(told), outletsTelling(told)];
    const delivery = deliver(opened, [...first, outlet, ...last], "always", null);
    await expect(delivery).rejects.toThrow(
      new DeliveryError([{ outlet: outlet.name, error: new RangeError("too long") }]),
    );
    expect(told.map(([name]) => name)).toEqual(["topic", "bus", "topic", "bus"]);
  });

  it("does not end the delivery before the others have been told", async () => {
    const told: string[] = [];
    const slow: Outlet = {
      name: "slow",
      audience: "machines",
      deliver: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        told.push("slow");
      },
    };
    await expect(deliver(opened, [...broken, slow], "always", null)).rejects.toThrow(DeliveryError);
    expect(told).toEqual(["slow"]);
  });

  it("is named together with all others that failed", async () => {
    const other: Outlet = { name: "bus", audience: "machines", deliver: () => Promise.reject("no such bus") };
    const [, atOnce] = broken;
    if (atOnce === undefined) throw new Error("there is one");
    await expect(deliver(opened, [atOnce, other], "always", null)).rejects.toThrow(
      [
        "The audit is done, but could not be delivered:",
        "  arn:aws:sns:eu-west-1:111122223333:alerts: RangeError: too long",
        "  bus: no such bus",
      ].join("\n"),
    );
  });
});
