/** Writes the notice of the packages that the product is shipped with. Run by `npm run generate`. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { noticeOf, thirdParties } from "./third-party.ts";

const file = join(import.meta.dirname, "../THIRD-PARTY-NOTICES.txt");
await writeFile(file, noticeOf(await thirdParties()));
