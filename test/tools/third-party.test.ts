import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { noticeOf, type ThirdParty, thirdParties } from "../../tools/third-party.ts";

const aPackage: ThirdParty = {
  name: "one@1.0.0",
  licence: "MIT",
  source: "https://example.com/one",
  text: "MIT License, by One",
};

describe("the notice", () => {
  it("names each package with its licence, its source and the licence's text", () => {
    expect(noticeOf([aPackage])).toContain(
      "one@1.0.0 (MIT) https://example.com/one\n\nMIT License, by One\n",
    );
  });

  it("says a text once for all that share it", () => {
    const notice = noticeOf([aPackage, { ...aPackage, name: "two@2.0.0", source: null }]);
    expect(notice).toContain(
      "one@1.0.0 (MIT) https://example.com/one\ntwo@2.0.0 (MIT)\n\nMIT License, by One\n",
    );
    expect(notice.split("MIT License")).toHaveLength(2);
  });

  it("keeps texts apart that differ", () => {
    const other = { ...aPackage, name: "two@2.0.0", text: "MIT License, by Two" };
    expect(noticeOf([aPackage, other])).toMatch(/MIT License, by One.*MIT License, by Two/s);
  });

  it("says the Apache licence once, whether or not a package carries its text", () => {
    const apache = (name: string, text: string | null) => ({
      ...aPackage,
      name,
      licence: "Apache-2.0",
      text,
    });
    const notice = noticeOf([apache("a@1", null), apache("b@1", "Apache License"), apache("c@1", " Apache")]);
    expect(notice.split("Apache License")).toHaveLength(2);
  });

  it("names the licence of a package that has no text", () => {
    expect(noticeOf([{ ...aPackage, text: null }])).toContain("The licence is MIT.");
  });

  it("is the one that is kept", async () => {
    expect(await readFile("THIRD-PARTY-NOTICES.txt", "utf8")).toBe(noticeOf(await thirdParties()));
  });
});
