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

/** The snapshot file of an audit. Its registries are sorted, so that files can be compared line by line. */
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
 * Parses the text of a snapshot file.
 *
 * @throws ConfigurationError with all problems, or with only the version if it is newer
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
      message: `is ${version}, but this auditor reads version ${SNAPSHOT_FILE_SCHEMA_VERSION}: use the newer auditor that wrote the file`,
    },
  ]);
}

/** A repeated registry would be evaluated and counted twice. */
function repeatedRegistries({ registries }: SnapshotFile): readonly Problem[] {
  const seen = new Set<string>();
  return registries.flatMap(({ target: { account, region } }, index) => {
    const key = `${account} ${region}`;
    if (seen.has(key)) {
      return [{ path: jsonPath(["registries", index]), message: `repeats ${key}` }];
    }
    seen.add(key);
    return [];
  });
}
