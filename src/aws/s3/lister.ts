import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { countIn, flagIn, IncompleteAnswerError, nameIn, optionalListIn } from "../answer.ts";
import { operation } from "../operation.ts";
import { nextToken } from "../pages.ts";

/**
 * Lists a page of a bucket's keys. A module of its own, beside `client.ts`: an audit that is carried out by one
 * function never lists, and its bundle goes without. A page without keys leaves the list out: only the count says that
 * there are none (Amazon S3 API reference, ListObjectsV2, November 2026).
 */
export const listObjects = operation({
  name: "s3:ListObjectsV2",
  command: ListObjectsV2Command,
  send: (client: S3Client, command) => client.send(command),
  read: ({ Contents, KeyCount, IsTruncated, NextContinuationToken }) => {
    const items = optionalListIn(Contents, "Contents").map(({ Key }) => nameIn(Key, "Contents[].Key"));
    const count = countIn(KeyCount, "KeyCount");
    if (count !== items.length) {
      throw new IncompleteAnswerError(`AWS counts ${count} keys and lists ${items.length}`);
    }
    const isTruncated = flagIn(IsTruncated, "IsTruncated");
    const next = nextToken(NextContinuationToken);
    if (isTruncated && next === null) {
      throw new IncompleteAnswerError(
        "AWS answered with a part of the list and without NextContinuationToken",
      );
    }
    return { items, next: isTruncated ? next : null };
  },
  isRepeatable: true,
});
