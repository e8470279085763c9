/** Looks after the Node.js that comes with the packages. `npm ci` runs it, on any version: so it is plain JavaScript. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const [least] = engines.node.match(/\d+/);

// npm puts the programs of packages first in the path: what runs this file runs all scripts of the project.
if (Number.parseInt(process.versions.node, 10) < Number(least)) {
  process.stderr.write(
    `pull-through-auditor needs Node.js ${least} or later, and its scripts would run with ${process.version}. ` +
      `Let npm ci install the right one, without --omit=dev, or put Node.js ${least} in the PATH.\n`,
  );
  process.exit(1);
}

// The headers for compiling add-ons are a third of what Node.js takes on disk, and nothing here is compiled.
const builds = fileURLToPath(new URL("../node_modules/node/node_modules", import.meta.url));
for (const build of existsSync(builds) ? readdirSync(builds) : []) {
  rmSync(`${builds}/${build}/include`, { recursive: true, force: true });
}
