import { createHash, createHmac, createSecretKey, type Hash, type Hmac } from "node:crypto";

type SourceData = string | ArrayBuffer | ArrayBufferView;

/**
 * SHA-256, or its HMAC, for the SDK's signatures. As the SDK's own it leaves all of it to Node.js, but hands the key
 * over as a `KeyObject`: to find out that a key is none takes Node.js 24 longer than the digest, and each signed call
 * has several.
 */
export class Sha256 {
  readonly #open: () => Hash | Hmac;
  #hash: Hash | Hmac;

  constructor(secret?: SourceData) {
    if (secret === undefined) this.#open = () => createHash("sha256");
    else {
      const key = createSecretKey(bytesOf(secret));
      this.#open = () => createHmac("sha256", key);
    }
    this.#hash = this.#open();
  }

  update(data: SourceData): void {
    this.#hash.update(bytesOf(data));
  }

  /** @returns the digest's 32 bytes; after it nothing can be added before {@link reset} */
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#open();
  }
}

function bytesOf(data: SourceData): Uint8Array {
  if (typeof data === "string") return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
