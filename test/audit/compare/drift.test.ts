import { describe, expect, it } from "vitest";
import { aRule } from "../../support/builders.ts";
import { anAuditScope, auditScopeOf, audits, HERE } from "./support.ts";

const hub = aRule();
const quay = aRule({ ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io", credentialArn: null });
const saw = (...rules: readonly ReturnType<typeof aRule>[]) => ({ auditScope: auditScopeOf(rules) });

describe("drift", () => {
  it("is none in a first audit, nor where nothing changed", () => {
    expect(audits(saw(hub), saw(hub)).map(({ drift }) => drift)).toEqual([[], []]);
  });

  it("reports added, removed and modified rules, by prefix", () => {
    const moved = { ...hub, credentialArn: null };
    const [, added, removed, modified] = audits(saw(hub), saw(quay, hub), saw(hub), saw(moved));
    expect(added?.drift).toMatchObject([
      { ...HERE, prefix: "quay", change: "added", before: null, after: quay },
    ]);
    expect(removed?.drift).toMatchObject([
      { ...HERE, prefix: "quay", change: "removed", before: quay, after: null },
    ]);
    expect(modified?.drift).toMatchObject([
      { prefix: "docker-hub", change: "modified", before: hub, after: moved },
    ]);
  });

  it.each([
    ["upstreamRegistryUrl", "quay.io"],
    ["upstreamRegistry", "quay"],
    ["upstreamRepositoryPrefix", "library"],
    ["credentialArn", null],
    ["customRoleArn", "arn:aws:iam::111122223333:role/ecr-pull"],
    ["createdAt", "2026-02-01T00:00:00.000Z"],
    ["updatedAt", "2026-02-01T00:00:00.000Z"],
  ])("reports a change of %s", (field, value) => {
    const [, second] = audits(saw(hub), saw({ ...hub, [field]: value }));
    expect(second?.drift).toMatchObject([{ change: "modified" }]);
  });

  it("does not depend on the order of rules or of their fields", () => {
    const turned = Object.fromEntries(Object.entries(hub).reverse());
    const [, second] = audits(saw(hub, quay), saw(quay, { ...hub, ...turned }));
    expect(second?.drift).toEqual([]);
  });

  it("comes by account, region and prefix, whatever was read first", () => {
    const keys = ["222222222222/eu-west-1", "111111111111/us-east-1", "111111111111/eu-west-1"];
    const saw = (...rules: readonly ReturnType<typeof aRule>[]) => ({
      auditScope: anAuditScope({ registries: new Map(keys.map((key) => [key, rules])) }),
    });
    const [, second] = audits(saw(), saw(quay, hub));
    expect(second?.drift.map(({ account, region, prefix }) => `${account} ${region} ${prefix}`)).toEqual([
      "111111111111 eu-west-1 docker-hub",
      "111111111111 eu-west-1 quay",
      "111111111111 us-east-1 docker-hub",
      "111111111111 us-east-1 quay",
      "222222222222 eu-west-1 docker-hub",
      "222222222222 eu-west-1 quay",
    ]);
  });

  it("is of the rules that an audit was narrowed to, and leaves the others in the state unchanged", () => {
    const narrow = { wholeScope: false, inScope: (prefix: string | null) => prefix === "quay" };
    const moved = { ...hub, credentialArn: null };
    const [, second, third] = audits(
      saw(hub, quay),
      { auditScope: auditScopeOf([moved], narrow) },
      saw(moved),
    );
    expect(second?.drift).toMatchObject([{ prefix: "quay", change: "removed" }]);
    expect(third?.drift).toMatchObject([{ prefix: "docker-hub", change: "modified", before: hub }]);
  });

  it("does not store a registry that a narrowed audit read partially", () => {
    const narrow = { wholeScope: false, inScope: (prefix: string | null) => prefix === "quay" };
    const [first, second] = audits({ auditScope: auditScopeOf([hub, quay], narrow) }, saw(hub, quay));
    expect(first?.state.registries).toEqual({});
    expect(second?.drift).toEqual([]);
  });

  it("has an id of its own each time that the same change comes again", () => {
    const all = audits(saw(hub), saw(hub, quay), saw(hub), saw(hub, quay));
    const added = all.flatMap(({ drift }) => drift).filter(({ change }) => change === "added");
    expect(new Set(added.map(({ eventId }) => eventId)).size).toBe(2);
  });

  it("keeps the state of a registry as it was while nothing changes", () => {
    const [first, second] = audits(saw(hub), saw(hub));
    expect(second?.state.registries).toEqual(first?.state.registries);
  });

  it("is none in a registry that could not be read, and is reported when it can be read again", () => {
    const [, second, third] = audits(saw(hub), { auditScope: auditScopeOf(null) }, saw(quay));
    expect(second?.drift).toEqual([]);
    expect(third?.drift.map(({ change }) => change)).toEqual(["removed", "added"]);
  });

  it("is none in a registry that is seen for the first time", () => {
    const both = new Map([
      ["111122223333/eu-west-1", [hub]],
      ["111122223333/us-east-1", [quay]],
    ]);
    const [, second, third] = audits(saw(hub), { auditScope: anAuditScope({ registries: both }) }, saw(hub));
    expect(second?.drift).toEqual([]);
    expect(Object.keys(third?.state.registries ?? {})).toEqual(["111122223333/eu-west-1"]);
  });

  it("keeps the registries of an account whose regions could not be listed", () => {
    const registries = new Map([["111122223333/*", null]]);
    const [, second] = audits(saw(hub), { auditScope: anAuditScope({ registries }) });
    expect(Object.keys(second?.state.registries ?? {})).toEqual(["111122223333/eu-west-1"]);
  });

  it("of other prefixes waits for an audit that looks at them", () => {
    const onlyQuay = { wholeScope: false, inScope: (prefix: string | null) => prefix === "quay" };
    const [, second, third] = audits(saw(hub, quay), { auditScope: auditScopeOf([], onlyQuay) }, saw());
    expect(second?.drift).toMatchObject([{ prefix: "quay", change: "removed" }]);
    expect(third?.drift).toMatchObject([{ prefix: "docker-hub", change: "removed" }]);
  });

  it("is none in a registry that was only ever read partially", () => {
    const onlyQuay = { wholeScope: false, inScope: (prefix: string | null) => prefix === "quay" };
    const [first, second] = audits({ auditScope: auditScopeOf([quay], onlyQuay) }, saw(quay, hub));
    expect(first?.state.registries).toEqual({});
    expect(second?.drift).toEqual([]);
  });

  it("has the same ID when an audit that was not persisted is repeated, and another when it happens again", () => {
    const [, first] = audits(saw(hub), saw(hub, quay));
    const [, again, , later] = audits(saw(hub), saw(hub, quay), saw(hub), saw(hub, quay));
    expect(again?.drift[0]?.eventId).toBe(first?.drift[0]?.eventId);
    expect(later?.drift[0]?.eventId).not.toBe(first?.drift[0]?.eventId);
  });
});
