import { byteLength, cutToBytes } from "./bytes.ts";

/** The maximum size of one text from AWS, in bytes of UTF-8. */
export const mostCollectedBytes = 10_240;

const mark = "… [cut: more than 10 KB]";

/** Normalizes a text from AWS: makes it well-formed, and truncates it with a visible mark at 10 KB. */
export function collected(text: string): string {
  const whole = text.toWellFormed();
  if (byteLength(whole) <= mostCollectedBytes) return whole;
  return cutToBytes(whole, mostCollectedBytes - byteLength(mark)) + mark;
}

const redacted = "[redacted]";

/** Headers whose values extend to the end of the line. */
const headers = /\b((?:proxy-)?authorization["']?\s*[:=]\s*)[^\r\n<]+/gi;

/** Parameters, members, elements and headers that contain a secret, a token or a signature. */
const members =
  /\b(x-amz-(?:signature|security-token|credential)|awsaccesskeyid|aws_?(?:session_?token|secret_?access_?key|access_?key_?id|security_?token)|secret_?access_?key|session_?token|security_?token|access_?token|password|signature)((?:&quot;|\\?["'])?\s*(?:[=:>]|%3D|%3A)\s*(?:&quot;|\\?["'])?)([^\s"'&,;<>\\]+)/gi;

/** The start of session tokens (seen in STS responses and in examples of the IAM user guide, November 2026). */
const tokens = /(?:FwoG|FQoG|IQoJ|AQoD|AQoE)[A-Za-z0-9+/=_%-]{16,}/g;

/** Any text with the length and characters of a token. Names, ARNs and digests are shorter. */
const longRuns = /[A-Za-z0-9+/=_%-]{160,}/g;

const keyIds = /\b(?:AKIA|ASIA)[A-Z0-9]{12,124}\b/g;

/** Any text with the length and characters of a secret access key. */
const fortyLetters = /(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/g;

/**
 * Removes credentials, session tokens and signatures from an error message of AWS or the network, and truncates it as
 * {@link collected} does. Idempotent.
 */
export function withoutSecrets(text: string): string {
  const clean = text
    .replaceAll(headers, (whole, name: string) => (whole.endsWith(redacted) ? whole : name + redacted))
    .replaceAll(members, (_whole, name: string, sign: string) => name + sign + redacted)
    .replaceAll(tokens, redacted)
    .replaceAll(longRuns, redacted)
    .replaceAll(keyIds, redacted)
    .replaceAll(fortyLetters, (run) => (looksRandom(run) ? redacted : run));
  return collected(clean);
}

/** A secret key has upper-case letters, lower-case letters and digits; a digest or a path does not. */
function looksRandom(run: string): boolean {
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run);
}

/** Removes secrets from an error and its causes in place, so that they are safe to print. */
export function cleanse(error: unknown, depth = 0): void {
  if (!(error instanceof Error) || depth > 5) return;
  for (const key of ["message", "stack"] as const) {
    const text = error[key];
    if (typeof text === "string") Reflect.set(error, key, withoutSecrets(text));
  }
  cleanse(error.cause, depth + 1);
}
