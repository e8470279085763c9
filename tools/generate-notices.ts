/** Writes the notices of the packages that are shipped with the product. Run by `npm run generate`. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { noticeOf, thirdParties } from "./third-party.ts";

const file = join(import.meta.dirname, "../THIRD-PARTY-NOTICES.txt");
await writeFile(file, noticeOf(await thirdParties()));
