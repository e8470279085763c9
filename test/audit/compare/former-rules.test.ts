import { describe, expect, it } from "vitest";
import { stillFormer } from "../../../src/audit/compare/former-rules.ts";
import type { AuditScope } from "../../../src/audit/compare/scope.ts";
import { aRule } from "../../support/builders.ts";
import { aDrift } from "../../support/report-builders.ts";

const key = "111122223333/eu-west-1";
const place = { account: "111122223333", region: "eu-west-1" };
const removed = (prefix: string) => aDrift({ ...place, prefix, change: "removed" });

/** An audit of the whole scope that saw these rules in one registry. */
function scopeOf(prefixes: readonly string[] | null, parts: Partial<AuditScope> = {}): AuditScope {
  const rules = prefixes?.map((ecrRepositoryPrefix) => aRule({ ecrRepositoryPrefix })) ?? null;
  return {
    wholeScope: true,
    narrowing: { accounts: null, regions: null, prefixes: null },
    inScope: () => true,
    checksLeftOut: new Set(),
    registries: new Map([[key, rules]]),
    ...parts,
  };
}

describe("the rules that are gone", () => {
  it("are remembered once an audit misses them, the latest first, and each once", () => {
    const once = stillFormer({}, [removed("quay")], scopeOf(["docker-hub"]));
    expect(once).toEqual({ [key]: ["quay"] });
    expect(stillFormer(once, [removed("docker-hub"), removed("quay")], scopeOf([]))).toEqual({
      [key]: ["docker-hub", "quay"],
    });
  });

  it("stay remembered where nothing changed, or the rules could not be read", () => {
    const before = { [key]: ["quay"] };
    expect(stillFormer(before, [], scopeOf(["docker-hub"]))).toEqual(before);
    expect(stillFormer(before, [], scopeOf(null))).toEqual(before);
  });

  it("are forgotten when there is a rule again, or the registry left the scope", () => {
    const before = { [key]: ["quay", "k8s"] };
    expect(stillFormer(before, [], scopeOf(["quay"]))).toEqual({ [key]: ["k8s"] });
    expect(stillFormer({ [key]: ["quay"] }, [], scopeOf(["quay"]))).toEqual({});
    const elsewhere = new Map([["999988887777/eu-west-1", []]]);
    expect(stillFormer(before, [], scopeOf([], { registries: elsewhere }))).toEqual({});
    expect(stillFormer(before, [], scopeOf([], { registries: elsewhere, wholeScope: false }))).toEqual(
      before,
    );
  });

  it("are not those that were added or changed", () => {
    const others = (["added", "modified"] as const).map((change) =>
      aDrift({ ...place, prefix: "quay", change }),
    );
    expect(stillFormer({}, others, scopeOf(["quay"]))).toEqual({});
  });

  it("are at most 50 of a registry", () => {
    const many = Array.from({ length: 60 }, (_, index) => removed(`prefix-${index}`));
    expect(stillFormer({}, many, scopeOf([]))[key]).toHaveLength(50);
  });
});
