/** Writes the documents of the Terraform module from the templates in `deploy`. Run by `npm run generate`. */
import { globSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { documentsFolder, terraformDocuments } from "./terraform-documents.ts";

const folder = join(import.meta.dirname, "..", documentsFolder);
for (const file of globSync(join(folder, "*.json{,.tftpl}"))) rmSync(file);
for (const [name, text] of terraformDocuments()) writeFileSync(join(folder, name), text);
