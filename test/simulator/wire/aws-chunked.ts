/** A decoded body with its trailers. */
export interface ChunkedBody {
  readonly body: Buffer;
  readonly trailers: Readonly<Record<string, string>>;
}

const LINE_END = "\r\n";

/**
 * Decodes an `aws-chunked` body: `<size in hex>[;chunk-signature=…]`, that many bytes, and after the empty last
 * chunk the trailers, among them the checksum that SDKs compute while they send.
 * Source: S3 API reference, "Signature calculations … using multiple chunks, trailing headers".
 */
export function decodeAwsChunked(encoded: Buffer): ChunkedBody {
  const chunks: Buffer[] = [];
  let position = 0;
  for (;;) {
    const lineEnd = encoded.indexOf(LINE_END, position);
    const size = Number.parseInt(encoded.toString("latin1", position, lineEnd), 16);
    if (lineEnd < 0 || Number.isNaN(size)) throw new RangeError("This aws-chunked body is truncated.");
    const start = lineEnd + LINE_END.length;
    if (size === 0)
      return { body: Buffer.concat(chunks), trailers: trailersIn(encoded.toString("latin1", start)) };
    chunks.push(encoded.subarray(start, start + size));
    position = start + size + LINE_END.length;
  }
}

function trailersIn(text: string): Record<string, string> {
  const lines = text.split(LINE_END).filter((line) => line.includes(":"));
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}
