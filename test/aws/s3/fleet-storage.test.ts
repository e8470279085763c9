import { describe, expect, it } from "vitest";
import { StoreError } from "../../../src/audit/ports.ts";
import { s3FleetStorage } from "../../../src/aws/s3/fleet-storage.ts";
import type { Simulator } from "../../simulator/server.ts";
import { defaults, setEnvironment, simulate } from "./stage.ts";

setEnvironment();

const storage = (location = "s3://audits/nightly") => s3FleetStorage(location, defaults);

function listsOf({ calls }: Simulator) {
  return calls.filter(({ operation }) => operation === "ListObjectsV2");
}

async function all<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("a place for work in S3", () => {
  it("returns the location of a file", () => {
    expect(storage().addressOf("fleet/1")).toEqual({ bucket: "audits", key: "nightly/fleet/1" });
    expect(storage("s3://audits").addressOf("fleet/1")).toEqual({ bucket: "audits", key: "fleet/1" });
    expect(() => storage("nightly")).toThrow(StoreError);
  });

  it.each(["s3://audits/nightly", "s3://audits"])(
    "lists the files of a folder in %s, and of no other",
    async (location) => {
      await simulate();
      const { list, write, read } = storage(location);
      for (const path of ["fleet/1/a.json", "fleet/1/b/c.json", "fleet/10/d.json", "state.json"]) {
        await write(path, path, "application/json");
      }
      const paths = await all(list("fleet/1"));
      expect(paths).toEqual(["fleet/1/a.json", "fleet/1/b/c.json"]);
      expect((await read(paths[1] ?? ""))?.text).toBe("fleet/1/b/c.json");
      expect(await all(list("fleet/2"))).toEqual([]);
    },
  );

  it("lists over pages, one of them empty", async () => {
    const simulator = await simulate({
      on: { operation: "ListObjectsV2" },
      effect: { kind: "empty-page" },
      times: 1,
    });
    const { list, write } = storage();
    await write("fleet/1/a.json", "{}", "application/json");
    const [first] = simulator.objects.get("audits")?.values() ?? [];
    const names = Array.from({ length: 2_000 }, (_nothing, index) => `fleet/1/b/${index + 1_000}.json`);
    if (first !== undefined) {
      for (const name of names) simulator.objects.get("audits")?.set(`nightly/${name}`, first);
    }
    expect(await all(list("fleet/1"))).toEqual(["fleet/1/a.json", ...names]);
    expect(listsOf(simulator).length).toBeGreaterThan(3);
  });

  it("says where it could not list, and what to do about it", async () => {
    await simulate({
      on: { operation: "ListObjectsV2" },
      effect: { kind: "deny", by: "missing-permission" },
    });
    const listing = all(storage().list("fleet/1"));
    await expect(listing).rejects.toThrow(StoreError);
    await expect(listing).rejects.toThrow(/s3:\/\/audits\/nightly\/fleet\/1.*s3:ListBucket/s);
  });
});
