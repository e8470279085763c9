import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanse, collected, mostCollectedBytes, withoutSecrets } from "../../src/core/collected.ts";
import { messageOf } from "../../src/core/errors.ts";

const mark = "… [cut: more than 10 KB]";
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.string({ unit: "grapheme", minLength: 2_000, maxLength: 8_000 }),
  fc
    .tuple(fc.constantFrom("x", "é", "𝒳", "\ud83d", "\u0000"), fc.nat(12_000))
    .map(([one, times]) => one.repeat(times)),
);

describe("a text of AWS", () => {
  test("keeps within 10 KB of well-formed text, as it is or cut with a mark", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const kept = collected(text);
        expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(mostCollectedBytes);
        expect(kept.isWellFormed()).toBe(true);
        expect(collected(kept)).toBe(kept);
        const whole = text.toWellFormed();
        if (Buffer.byteLength(whole) <= mostCollectedBytes) expect(kept).toBe(whole);
        else expect(whole.startsWith(kept.slice(0, -mark.length)) && kept.endsWith(mark)).toBe(true);
      }),
    );
  });

  test("loses no more than a character to the cut", () => {
    expect(Buffer.byteLength(collected("𝒳".repeat(5_000)))).toBeGreaterThan(mostCollectedBytes - 4);
  });
});

const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".split("");
const letters = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...base64), minLength: least, maxLength: most });
const secretKey = letters(37, 37).map((text) => `${text}aZ7`);
const sessionToken = fc
  .tuple(fc.constantFrom("FwoGZXIvYXdzE", "IQoJb3JpZ2lu", "FQoGZXIvYXdzE"), letters(60, 900))
  .map(([start, rest]) => `${start}${rest}==`);

/** How AWS, the SDK and proxies spell them in what they say. */
const spellings: readonly ((secret: string) => string)[] = [
  (secret) => `https://s3/x?X-Amz-Signature=${secret}&X-Amz-Expires=5`,
  (secret) => `https://s3/x?X-Amz-Security-Token=${encodeURIComponent(secret)}&a=b`,
  (secret) => `the canonical string was 'GET\nx-amz-security-token:${secret}\n\nhost'`,
  (secret) => `<Error><AWSAccessKeyId>${secret}</AWSAccessKeyId></Error>`,
  (secret) =>
    `<Credentials><SecretAccessKey>${secret}</SecretAccessKey><SessionToken>${secret}</SessionToken>`,
  (secret) => `aws_session_token = ${secret}`,
  (secret) => `aws_secret_access_key=${secret}`,
  (secret) => `{"SecretAccessKey":"${secret}","SessionToken":"${secret}"}`,
  (secret) => `{\\"sessionToken\\": \\"${secret}\\"}`,
  (secret) =>
    `Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/x, SignedHeaders=host, Signature=${secret}`,
  (secret) => `authorization: Bearer ${secret}`,
  (secret) => `the token ${secret} is expired`,
];

describe("what an error says", () => {
  test("never contains a secret key or a session token, regardless of the surrounding text", () => {
    const around = fc.string({ unit: "grapheme", maxLength: 40 }).map((text) => `${text} `);
    const secrets = fc.oneof(secretKey, sessionToken);
    fc.assert(
      fc.property(around, fc.constantFrom(...spellings), secrets, fc.nat(3), (text, spell, secret, far) => {
        const said = withoutSecrets(`${text}${"y ".repeat(far * 2_500)}${spell(secret)} ${text}`);
        expect(said).not.toContain(secret.slice(0, 20));
        expect(said).not.toContain(encodeURIComponent(secret).slice(0, 24));
        expect(withoutSecrets(said)).toBe(said);
      }),
    );
  });

  test.each([
    "AccessDenied: User: arn:aws:sts::111122223333:assumed-role/pull-through-auditor/pull-through-auditor is not authorized to perform: ecr:DescribePullThroughCacheRules on resource: arn:aws:ecr:eu-west-1:111122223333:* with an explicit deny in a service control policy",
    "InvalidSignatureException: Signature expired: 20261128T120000Z is now earlier than 20261128T121000Z",
    "ExpiredTokenException: The security token included in the request is expired",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "UnrecognizedClientException: The security token included in the request is invalid.",
  ])("is otherwise as it was said: %s", (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });

  test("takes a time in proportion to its length", () => {
    const hostile = [
      "FwoG".repeat(250_000),
      "signature=".repeat(100_000),
      "a".repeat(1_000_000),
      `authorization${" ".repeat(1_000_000)}`,
    ];
    for (const text of hostile) {
      const startedAt = process.cpuUsage();
      withoutSecrets(text);
      expect(process.cpuUsage(startedAt).user).toBeLessThan(2_000_000);
    }
  });

  test("is removed from the error itself, its stack and its causes, and from where it is reported", () => {
    const secret = `FwoGZXIvYXdzE${"a1B2".repeat(40)}`;
    const cause = new Error(`aws_session_token=${secret}`);
    const error = new Error(`refused: ${secret}`, { cause });
    expect(messageOf(error)).toBe("Error: refused: [redacted]");
    cleanse(error);
    expect([error.message, error.stack, cause.message, cause.stack].join()).not.toContain(
      secret.slice(0, 20),
    );
  });
});
