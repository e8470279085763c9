import type { AuditStore } from "../../audit/ports.ts";
import { storeIn } from "../../audit/state/store.ts";
import { renderJson } from "../../formats/json.ts";
import type { ClientDefaults } from "../http.ts";
import { parseS3Location, s3StorageLocation } from "./storage.ts";

/**
 * A store in S3. The state is written with compare-and-swap on its entity tag.
 *
 * @param location `s3://bucket/prefix`
 * @throws StoreError if it is not such a location
 */
export function s3Store(location: string, defaults: ClientDefaults): AuditStore {
  return storeIn(s3StorageLocation(parseS3Location(location), defaults), renderJson);
}
