import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { countIn, flagIn, IncompleteAnswerError, nameIn, optionalListIn } from "../answer.ts";
import { operation } from "../operation.ts";
import { nextToken } from "../pages.ts";

/**
 * Lists a page of a bucket's keys. This is separate from `storage.ts` because an audit in a single function never lists
 * keys, and its bundle does not need it. A page without keys omits the list, and only the count says that there are none (Amazon S3 API reference, ListObjectsV2, November 2026).
 */
export const listObjects = operation({
  name: "s3:ListObjectsV2",
  command: ListObjectsV2Command,
  send: (client: S3Client, command) => client.send(command),
  read: ({ Contents, KeyCount, IsTruncated, NextContinuationToken }) => {
    const items = optionalListIn(Contents, "Contents").map(({ Key }) => nameIn(Key, "Contents[].Key"));
    const count = countIn(KeyCount, "KeyCount");
    if (count !== items.length) {
      throw new IncompleteAnswerError(`AWS counted ${count} keys but listed ${items.length}`);
    }
    const isTruncated = flagIn(IsTruncated, "IsTruncated");
    const next = nextToken(NextContinuationToken);
    if (isTruncated && next === null) {
      throw new IncompleteAnswerError("AWS returned a partial list without NextContinuationToken");
    }
    return { items, next: isTruncated ? next : null };
  },
  isRepeatable: true,
});
