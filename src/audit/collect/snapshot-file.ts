import * as z from "zod";
import { parseJson, parseStrictly } from "../../core/json-file.ts";
import { compareValues } from "../../core/order.ts";
import { ConfigurationError, jsonPath, type Problem } from "../../core/problem.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import type { Report } from "../../schemas/report.ts";
import {
  SNAPSHOT_FILE_SCHEMA_VERSION,
  type SnapshotFile,
  snapshotFileSchema,
} from "../../schemas/snapshot-file.ts";
import type { AuditRequest } from "../plan/request.ts";

/** The recording of an audit: its registries in a fixed order, so that recordings compare line by line. */
export function snapshotFileOf(
  request: AuditRequest,
  report: Pick<Report, "startedAt" | "coverage">,
  registries: readonly RegistrySnapshot[],
): SnapshotFile {
  return {
    schemaVersion: SNAPSHOT_FILE_SCHEMA_VERSION,
    collectedAt: report.startedAt,
    request,
    excludedAccounts: report.coverage.excludedAccounts,
    registries: registries.toSorted(
      ({ target: a }, { target: b }) =>
        compareValues(a.account, b.account) || compareValues(a.region, b.region),
    ),
  };
}

/**
 * Reads a recording from the text of its file.
 *
 * @throws ConfigurationError with every problem at once; of a newer version only that it is one
 */
export function readSnapshotFile(text: string, source: string): SnapshotFile {
  const value = parseJson(text, source);
  refuseNewerVersion(value, source);
  const snapshotFile = parseStrictly(snapshotFileSchema, value, source);
  const repeated = repeatedRegistries(snapshotFile);
  if (repeated.length > 0) throw new ConfigurationError(source, repeated);
  return snapshotFile;
}

const versioned = z.looseObject({ schemaVersion: z.int() });

function refuseNewerVersion(value: unknown, source: string): void {
  const version = versioned.safeParse(value).data?.schemaVersion ?? SNAPSHOT_FILE_SCHEMA_VERSION;
  if (version <= SNAPSHOT_FILE_SCHEMA_VERSION) return;
  throw new ConfigurationError(source, [
    {
      path: jsonPath(["schemaVersion"]),
      message: `is ${version}, and this auditor reads ${SNAPSHOT_FILE_SCHEMA_VERSION}: use the newer auditor that wrote it`,
    },
  ]);
}

/** A registry that is told of twice would be judged, and counted, twice. */
function repeatedRegistries({ registries }: SnapshotFile): readonly Problem[] {
  const seen = new Set<string>();
  return registries.flatMap(({ target: { account, region } }, index) => {
    const key = `${account} ${region}`;
    if (seen.has(key)) {
      return [{ path: jsonPath(["registries", index]), message: `is ${key}, as one before it is` }];
    }
    seen.add(key);
    return [];
  });
}
