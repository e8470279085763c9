import type { S3Client } from "@aws-sdk/client-s3";
import { type AuditStore, StoreError } from "../audit/ports.ts";
import { parseState, stateText } from "../audit/state-file.ts";
import { LATEST_FILE, latestText, reportFolder, STATE_FILE } from "../audit/store-layout.ts";
import { renderJson } from "../render/json.ts";
import { errorName, messageOf } from "./errors.ts";
import type { ClientDefaults } from "./http.ts";
import { parseS3Location } from "./s3-location.ts";

/**
 * The answers by which S3 says that somebody else was faster (Amazon S3 user guide, "How to prevent object
 * overwrites with conditional writes", November 2026).
 */
const conflicts = ["PreconditionFailed", "ConditionalRequestConflict"];

/**
 * Remembers audits in S3. Conditional writes keep two audits from overwriting each other's state.
 *
 * @param location `s3://bucket/prefix`
 */
export function s3Store(location: string, defaults: ClientDefaults): AuditStore {
  const root = location.replace(/\/+$/, "");
  const files = openFiles(root, defaults);
  return {
    name: root,
    readState: async () => {
      const file = await files.read(STATE_FILE);
      if (file === null) return null;
      return { state: parseState(file.text, files.locationOf(STATE_FILE)), version: file.version };
    },
    writeState: (state, version) =>
      files.write(STATE_FILE, stateText(state), "application/json", { version }),
    keepReport: async (report, rendered) => {
      const folder = reportFolder(report);
      const whole = { name: "report.json", contentType: "application/json", text: renderJson(report) };
      for (const { name, contentType, text } of [whole, ...rendered]) {
        await files.write(`${folder}/${name}`, text, contentType);
      }
      const place = files.locationOf(`${folder}/${whole.name}`);
      await files.write(LATEST_FILE, latestText(report, place), "application/json");
      return place;
    },
  };
}

/** `version`: the ETag that the object must still have, or `null` when there must be none. */
type Condition = { readonly version: string | null };

function openFiles(root: string, defaults: ClientDefaults) {
  const { bucket, key: prefix } = parseS3Location(root);
  const locationOf = (name: string): string => `${root}/${name}`;
  const target = (name: string) => ({ Bucket: bucket, Key: prefix === "" ? name : `${prefix}/${name}` });
  let client: S3Client | null = null;

  // Loaded only when there is a store in S3: its client is the largest of all.
  const open = async () => {
    const s3 = await import("@aws-sdk/client-s3");
    client ??= new s3.S3Client(defaults);
    return { client, ...s3 };
  };

  return {
    locationOf,
    read: async (name: string): Promise<{ readonly text: string; readonly version: string } | null> => {
      const s3 = await open();
      try {
        const { Body: body, ETag: version } = await s3.client.send(new s3.GetObjectCommand(target(name)));
        if (body === undefined || version === undefined) throw new Error("S3 answered without body or ETag");
        return { text: await body.transformToString("utf-8"), version };
      } catch (error) {
        if (errorName(error) === "NoSuchKey") return null;
        throw new StoreError(`${locationOf(name)} could not be read: ${messageOf(error)}`, { cause: error });
      }
    },
    /** @returns false when the condition does not hold: nothing was written */
    write: async (
      name: string,
      text: string,
      contentType: string,
      condition?: Condition,
    ): Promise<boolean> => {
      const s3 = await open();
      try {
        await s3.client.send(
          new s3.PutObjectCommand({
            ...target(name),
            ...headersOf(condition),
            Body: text,
            ContentType: contentType,
          }),
        );
        return true;
      } catch (error) {
        if (condition !== undefined && conflicts.includes(errorName(error))) return false;
        throw new StoreError(`${locationOf(name)} could not be written: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },
  };
}

function headersOf(condition: Condition | undefined) {
  if (condition === undefined) return {};
  return condition.version === null ? { IfNoneMatch: "*" } : { IfMatch: condition.version };
}
