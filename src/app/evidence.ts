import type { StoredFiles } from "../audit/ports.ts";
import { RequestError } from "../audit/ports.ts";
import { clientDefaults } from "../aws/http.ts";
import { s3StoredFiles } from "../aws/s3/stored-files.ts";
import { folderStoredFiles } from "../local/folder-stored-files.ts";
import { refuseMissing } from "./history.ts";
import type { Settings } from "./settings.ts";

/**
 * Opens the files of the store that the settings name.
 *
 * @throws RequestError if they name none
 * @throws StoreError if there is no such folder, or it is not a location in S3
 */
export async function openStoredFiles({
  store,
  requestTimeoutSeconds,
}: Pick<Settings, "store" | "requestTimeoutSeconds">): Promise<StoredFiles> {
  if (store === null) throw new RequestError(["no store is set: use --store or AUDIT_STORE"]);
  if (!store.startsWith("s3://")) {
    await refuseMissing(store);
    return folderStoredFiles(store);
  }
  return await s3StoredFiles(store, clientDefaults(8, requestTimeoutSeconds * 1_000));
}
