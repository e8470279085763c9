import { describe, expect, it } from "vitest";
import { renderJson } from "../../src/formats/json.ts";
import { renderText } from "../../src/formats/text/text.ts";
import { HOSTILE_TEXTS, hostileWorld } from "../simulator/worlds/hostile.ts";
import { figuresOf, HUB, NOTIFIERS } from "./support/organization.ts";
import { setStage } from "./support/stage.ts";

const texts = Object.keys(HOSTILE_TEXTS).length;

/** Control characters but for the line break, and those that turn a text's direction. */
const dangerous = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

function staged() {
  const world = hostileWorld();
  const hub = world.accounts[HUB]?.regions["us-east-1"];
  hub?.topics.push({ name: "pull-through-audit", publishers: [] });
  hub?.eventBuses.push(NOTIFIERS.AUDIT_EVENT_BUS);
  return setStage(world, { environment: NOTIFIERS });
}

describe("an audit of hostile texts", () => {
  it("sees and fails what there is to see", async () => {
    await using stage = await staged();
    const report = await stage.audit({}, { includePassing: false });
    expect(figuresOf(report)).toEqual({
      planned: texts + 1,
      audited: texts,
      partial: 0,
      unreachable: 1,
      excluded: 0,
    });
    expect(report.summary).toMatchObject({ rules: texts + texts - 1, failing: { high: texts } });
    expect(report.coverage.gaps).toMatchObject([{ account: "200000000001", reason: "service-error" }]);
  });

  it("keeps AWS's own words in the data, as they came", async () => {
    await using stage = await staged();
    const report = await stage.audit();
    const failures = report.findings.flatMap(({ data }) => ("failure" in data ? [data["failure"]] : []));
    expect(failures).toEqual(
      expect.arrayContaining([HOSTILE_TEXTS.markup, HOSTILE_TEXTS.formula, HOSTILE_TEXTS.terminal]),
    );
  });

  it("prints a text that moves no terminal", async () => {
    await using stage = await staged();
    const text = renderText(await stage.audit(), { color: false, width: 80 });
    expect(text.split("\n").filter((line) => dangerous.test(line))).toEqual([]);
    expect(text).toContain("<script>");
  });

  it("renders JSON that parses to what it was", async () => {
    await using stage = await staged();
    const report = await stage.audit();
    const json = renderJson(report);
    expect(JSON.parse(json).findings).toHaveLength(report.findings.length);
    expect(json.split("\n").filter((line) => dangerous.test(line))).toEqual([]);
  });

  it("is delivered to recipients and integrations", async () => {
    await using stage = await staged();
    await stage.deliverReport();
    const { published, events } = stage.simulator;
    expect(published).toHaveLength(1);
    expect(events).toHaveLength(texts + 1);
    const messages: Readonly<Record<string, string>> = published[0]?.messages ?? {};
    const { default: integrations = "", email, https = "", sms } = messages;
    expect(published[0]?.subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(JSON.parse(integrations)).toMatchObject({ status: "non-compliant" });
    expect(JSON.parse(https)).toMatchObject({ version: "1.0" });
    expect(https).not.toContain("<!channel>");
    expect(email?.split("\n").filter((line) => dangerous.test(line))).toEqual([]);
    expect(sms).toMatch(/^[^\p{Cc}]+$/u);
  });
});
