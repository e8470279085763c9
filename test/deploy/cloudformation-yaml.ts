import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type CollectionTag, parse, type ScalarTag, YAMLMap, YAMLSeq } from "yaml";

/** A template in this project's `deploy`, its short intrinsic functions (`!Ref`) written out. */
export function readMemberTemplate(name: string): unknown {
  return parse(readFileSync(memberTemplate(name), "utf8"), { customTags: names.flatMap(tagsFor) });
}

/** The path of a template in this project's `deploy`. */
export function memberTemplate(name: string): string {
  return fileURLToPath(new URL(`../../deploy/${name}`, import.meta.url));
}

const names = ["Ref", "Sub", "GetAtt", "If", "Not", "Equals", "Select", "Split"];

function tagsFor(name: string): readonly (ScalarTag | CollectionTag)[] {
  const tag = `!${name}`;
  const key = name === "Ref" ? name : `Fn::${name}`;
  return [
    { tag, resolve: (value) => ({ [key]: name === "GetAtt" ? value.split(".") : value }) },
    {
      tag,
      collection: "seq",
      resolve: (value) => ({
        [key]: value instanceof YAMLSeq || value instanceof YAMLMap ? value.toJSON() : value,
      }),
    },
  ];
}
