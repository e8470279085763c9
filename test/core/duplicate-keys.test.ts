import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duplicateKeys } from "../../src/core/duplicate-keys.ts";

function pathsIn(text: string): readonly string[] {
  JSON.parse(text);
  return duplicateKeys(text).map(({ path }) => path);
}

describe("keys that are given more than once", () => {
  it.each([
    ['{"a":1,"a":2}', ["$.a"]],
    ['{"a":1,"a":2,"a":3}', ["$.a", "$.a"]],
    ['{"a":{"b":[1,{"c":0},{"c":1,"c":2}]}}', ["$.a.b[2].c"]],
    ['[{"a":[],"a":{}},[{"b":"","b":null}]]', ["$[0].a", "$[1][0].b"]],
    ['{"a":1,"\\u0061":2}', ["$.a"]],
    ['{"a\\"b":1,"a\\"b":2}', ['$["a\\"b"]']],
    ['{"":1,"":2}', ['$[""]']],
    ['{"__proto__":1,"__proto__":2}', ["$.__proto__"]],
    [' {\n "a" : "}{" ,\t"a" :\r\n -1e5 } ', ["$.a"]],
  ])("of %s are %j", (text, paths) => {
    expect(pathsIn(text)).toEqual(paths);
  });

  it.each([
    "1",
    '"a"',
    "[]",
    '["a","a"]',
    '{"a":{"a":{"a":1}},"b":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":"b","b":"a"}',
    '{"a":"{\\"a\\":1,","b":"\\\\"}',
    '{"A":1,"a":2}',
  ])("are none in %s", (text) => {
    expect(pathsIn(text)).toEqual([]);
  });

  it("are none in what was made of a value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(4), (value, indent) => {
        expect(duplicateKeys(JSON.stringify(value, null, indent))).toEqual([]);
      }),
    );
  });

  it("are as many as objects were given one twice", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const entries = Object.entries(record).map(
          ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
        );
        expect(duplicateKeys(`{${[...entries, ...entries].join(",")}}`)).toHaveLength(entries.length);
      }),
    );
  });
});
