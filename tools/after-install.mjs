/** Checks and trims the Node.js that `npm ci` installs. Plain JavaScript, because npm runs it with any Node.js version. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The scripts run TypeScript as it is. The published package is JavaScript and runs on earlier versions too. */
const least = 24;

// npm puts the packages' programs first in the PATH: the Node.js that runs this file runs all scripts of the project.
if (Number.parseInt(process.versions.node, 10) < least) {
  process.stderr.write(
    `pull-through-auditor needs Node.js ${least} or later, and its scripts would run with ${process.version}. ` +
      `Let npm ci install the right one, without --omit=dev, or put Node.js ${least} in the PATH.\n`,
  );
  process.exit(1);
}

// The C headers for add-ons are a third of Node.js's size, and nothing here compiles add-ons.
const builds = fileURLToPath(new URL("../node_modules/node/node_modules", import.meta.url));
for (const build of existsSync(builds) ? readdirSync(builds) : []) {
  rmSync(`${builds}/${build}/include`, { recursive: true, force: true });
}
