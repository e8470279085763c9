import { open } from "node:fs/promises";

/** How many bytes are read from a pipe at once. */
const CHUNK_BYTES = 65_536;

/**
 * Reads a text of at most `mostBytes`. A file that is larger is refused by its size. A pipe or a device has no size: it
 * is read only up to the limit.
 *
 * @throws Error when it is larger, or of the file system
 */
export async function readLimited(path: string, mostBytes: number): Promise<string> {
  await using handle = await open(path);
  const { size } = await handle.stat();
  if (size > mostBytes) throw new Error(`it has ${size} bytes, and at most ${mostBytes} are read`);
  const chunks: Buffer[] = [];
  let bytes = 0;
  while (true) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return Buffer.concat(chunks).toString("utf8");
    bytes += bytesRead;
    if (bytes > mostBytes) throw new Error(`it has more than the ${mostBytes} bytes that are read`);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}
