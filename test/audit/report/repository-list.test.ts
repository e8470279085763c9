import { parse } from "csv-parse/sync";
import { expect, it } from "vitest";
import { openRepositoryList } from "../../../src/audit/report/repository-list.ts";
import { present } from "../../../src/facts/evidence.ts";
import { aCachedRepository, aPolicy, aSnapshot } from "../../support/builders.ts";

const policy = aPolicy({ cachedRepositories: {} });

/** A registry whose repositories are not encrypted as their template says. */
function withRepositories(names: readonly string[]) {
  const lookedAt = names.map((name) => aCachedRepository({ name, encryptionType: "AES256" }));
  const prefixes = [{ prefix: "docker-hub", isFormer: false, existing: names.length, excluded: 0 }];
  return aSnapshot({ cachedRepositories: present({ prefixes, lookedAt }) });
}

function textOf(names: readonly string[], most?: number): string {
  const list = openRepositoryList(most);
  list.add(withRepositories(names), policy);
  return list.files()[0]?.text ?? "";
}

it("has a row for each repository, sorted, with all that is wrong with it", () => {
  expect(parse(textOf(["docker-hub/b", "docker-hub/a"]), { columns: true })).toMatchObject([
    { account: "111122223333", region: "eu-west-1", repository: "docker-hub/a", problems: "encryption" },
    { account: "111122223333", region: "eu-west-1", repository: "docker-hub/b", problems: "encryption" },
  ]);
});

it("is not there where no repository was looked at", () => {
  const list = openRepositoryList();
  list.add({ ...aSnapshot(), cachedRepositories: { state: "absent" } }, policy);
  list.add(withRepositories(["docker-hub/a"]), aPolicy());
  expect(list.files()[0]?.text.trimEnd().split("\r\n")).toHaveLength(1);
  expect(openRepositoryList().files()).toEqual([]);
});

it("says how many rows it leaves out, and keeps no more", () => {
  const lines = textOf(["docker-hub/a", "docker-hub/b", "docker-hub/c"], 1).trimEnd().split("\r\n");
  expect(lines).toHaveLength(3);
  expect(lines[2]).toBe('"2 more were left out of this file"');
});

it.each(["=1+1", '@"x', "-a,b", "a\r\nb", "\u202Ea", '"'])(
  "keeps %j in one cell that is no formula",
  (hostile) => {
    const [, row = []] = parse(textOf([hostile]));
    expect(row[3]).toMatch(/^(?![=+\-@])[^\n\u202E]+$/);
    expect(row).toHaveLength(8);
  },
);
