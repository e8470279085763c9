import { type FileHandle, open } from "node:fs/promises";
import { decodeText } from "../core/decode-text.ts";
import { PlainError } from "../core/errors.ts";

/** How many bytes are read from a pipe at once. */
const CHUNK_BYTES = 65_536;

/** The name of standard input where a file is expected. */
export const standardInput = "-";

/**
 * Reads a text of at most `mostBytes`, in UTF-8 or UTF-16; `-` is standard input. A file that is larger is refused by its
 * size. A pipe or a device has no size: it is read only up to the limit.
 *
 * @throws PlainError when it is larger or no text; Error of the file system
 */
export async function readLimited(path: string, mostBytes: number): Promise<string> {
  // What another process feeds may be a socket, which has no path.
  if (path === standardInput) return await textOf(process.stdin, mostBytes);
  await using handle = await open(path);
  const { size } = await handle.stat();
  if (size > mostBytes) throw new PlainError(`it has ${size} bytes, and at most ${mostBytes} are read`);
  return await textOf(chunksOf(handle), mostBytes);
}

async function* chunksOf(handle: FileHandle): AsyncGenerator<Buffer> {
  while (true) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

async function textOf(given: AsyncIterable<string | Buffer>, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of given) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new PlainError(`it has more than the ${mostBytes} bytes that are read`);
    chunks.push(Buffer.from(chunk));
  }
  return decodeText(Buffer.concat(chunks));
}
