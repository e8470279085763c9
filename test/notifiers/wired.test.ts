import { globSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { packageFile } from "../../src/package-file.ts";

const users = globSync(["src/app/**/*.ts", "functions/**/*.ts"], { cwd: packageFile("") });
const sources = users.map((file) => readFileSync(packageFile(file), "utf8")).join("\n");

it.each(readdirSync(packageFile("src/notifiers")))(
  "the notifier %s is used by src/app or a function",
  (name) => {
    // A type alone sends nothing.
    expect(sources).toMatch(new RegExp(`^import \\{ (?!type )[^}]+\\} from "[^"]*/notifiers/${name}/`, "m"));
  },
);
