import { expect, it } from "vitest";
import { Sha256 } from "../../src/aws/http.ts";

async function digestOf(data: readonly Parameters<Sha256["update"]>[0][], secret?: string | Uint8Array) {
  const sha256 = new Sha256(secret);
  for (const part of data) sha256.update(part);
  return Buffer.from(await sha256.digest()).toString("hex");
}

const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const JEFE = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

it("digests text, bytes and parts alike (FIPS 180-2, appendix B.1)", async () => {
  expect(await digestOf(["abc"])).toBe(ABC);
  expect(await digestOf(["a", new Uint8Array([0x62]), new Uint8Array([0x63]).buffer])).toBe(ABC);
  expect(await digestOf([new Uint8Array([0, 0x61, 0x62, 0x63, 0]).subarray(1, 4)])).toBe(ABC);
  expect(await digestOf([])).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

it("digests with a key of text or bytes (RFC 4231, test case 2)", async () => {
  const data = "what do ya want for nothing?";
  expect(await digestOf([data], "Jefe")).toBe(JEFE);
  expect(await digestOf([data], new TextEncoder().encode("Jefe"))).toBe(JEFE);
});

it("starts again with the same key after a reset", async () => {
  const sha256 = new Sha256("Jefe");
  sha256.update("something else");
  sha256.reset();
  sha256.update("what do ya want for nothing?");
  expect(Buffer.from(await sha256.digest()).toString("hex")).toBe(JEFE);
});
