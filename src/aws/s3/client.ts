import { Readable } from "node:stream";
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { countIn, nameIn, structureIn } from "../answer.ts";
import { operation } from "../operation.ts";

/*
 * What the auditor uses of S3. A module of its own because the client is large: it is loaded when an audit
 * needs it, and a bundler takes no more of it along than what is named here.
 */

export { S3Client } from "@aws-sdk/client-s3";

/** Reads an object: its body, still to come, with its length in bytes and its entity tag. */
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
      // What is not read would hold its connection.
      if (Body instanceof Readable) Body.destroy();
      throw error;
    }
  },
  isRepeatable: true,
});

/** Writes an object, and answers its entity tag: only that says that it was written. */
export const putObject = operation({
  name: "s3:PutObject",
  command: PutObjectCommand,
  send: (client: S3Client, command) => client.send(command),
  read: ({ ETag }) => nameIn(ETag, "ETag"),
  isRepeatable: true,
});
