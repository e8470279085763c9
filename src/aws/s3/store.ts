import type { AuditStore } from "../../audit/ports.ts";
import { storeIn } from "../../audit/state/store.ts";
import { renderJson } from "../../formats/json.ts";
import type { ClientDefaults } from "../http.ts";
import { parseS3Location, type ReportLock, s3StorageLocation } from "./storage.ts";

/**
 * A store in S3. The state is written with compare-and-swap, by its entity tag. A killed process leaves nothing to sweep:
 * S3 needs no lock, and an object appears whole or not at all, because each is one PutObject and never a multipart
 * upload (Amazon S3 user guide, "Amazon S3 data consistency model", November 2026).
 *
 * @param location `s3://bucket/prefix`
 * @param lock how reports and the files beside them are locked; `null`: not at all. What is overwritten is never locked.
 * @throws StoreError if it is not such a location
 */
export function s3Store(
  location: string,
  defaults: ClientDefaults,
  lock: ReportLock | null = null,
): AuditStore {
  return storeIn(s3StorageLocation(parseS3Location(location), defaults, lock), renderJson);
}
