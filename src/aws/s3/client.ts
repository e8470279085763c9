import { Readable } from "node:stream";
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { countIn, nameIn, structureIn } from "../answer.ts";
import { operation } from "../operation.ts";

/*
 * The S3 operations of the auditor. The client is large: this separate module is loaded when an audit needs it, and a
 * bundler includes only what is named here.
 */

export { S3Client } from "@aws-sdk/client-s3";

/** Reads an object: its body as a stream, its length in bytes and its entity tag. */
export const getObject = operation({
  name: "s3:GetObject",
  command: GetObjectCommand,
  send: (client: S3Client, command) => client.send(command),
  read: ({ Body, ContentLength, ETag }) => {
    try {
      return {
        body: structureIn(Body, "Body"),
        bytes: countIn(ContentLength, "ContentLength"),
        version: nameIn(ETag, "ETag"),
      };
    } catch (error) {
      // An unread body would keep its connection busy.
      if (Body instanceof Readable) Body.destroy();
      throw error;
    }
  },
  isRepeatable: true,
});

/** Writes an object and returns its entity tag, which confirms the write. */
export const putObject = operation({
  name: "s3:PutObject",
  command: PutObjectCommand,
  send: (client: S3Client, command) => client.send(command),
  read: ({ ETag }) => nameIn(ETag, "ETag"),
  isRepeatable: true,
});
