import { beforeAll, describe, expect, it } from "vitest";
import { templateWith } from "../package/template-parts.ts";
import { everything } from "./combinations.ts";
import { metricsOf, widgetsIn } from "./dashboard.ts";
import { type Effective, effective } from "./effective.ts";
import { expectToBeEmitted, OWN, whatIsEmitted } from "./emitted.ts";

let template: Effective;

beforeAll(async () => {
  template = effective(await templateWith(), everything);
});

describe("the dashboard", () => {
  const metrics = () => widgetsIn(template).flatMap(metricsOf);

  it("draws metrics that the functions write", () => {
    const own = metrics().filter(({ namespace }) => namespace === OWN);
    expect(own.length).toBeGreaterThan(10);
    for (const metric of own) expectToBeEmitted(metric, template);
  });

  it("draws every metric that the functions write", () => {
    const drawn = new Set(metrics().map(({ name }) => name));
    expect([...whatIsEmitted().names].filter((name) => !drawn.has(name))).toEqual([]);
  });

  it("shows every alarm", () => {
    const alarms = [...template.resources].filter(([, { type }]) => type === "AWS::CloudWatch::Alarm");
    const shown = template.resources.get("Dashboard")?.refersTo;
    expect(alarms.length).toBeGreaterThan(5);
    expect(alarms.filter(([name]) => shown?.has(name) !== true)).toEqual([]);
  });

  it("has widgets that lie beside each other", () => {
    const cells = widgetsIn(template).flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, n) => `${x + (n % width)},${y + Math.floor(n / width)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});
