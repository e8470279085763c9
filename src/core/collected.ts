import { byteLength, cutToBytes } from "./bytes.ts";

/** The bytes of UTF-8 that are kept of one text of AWS. */
export const mostCollectedBytes = 10_240;

const mark = "… [cut: more than 10 KB]";

/** A text of AWS as it enters the model: well-formed, and cut with a visible mark beyond 10 KB. */
export function collected(text: string): string {
  const whole = text.toWellFormed();
  if (byteLength(whole) <= mostCollectedBytes) return whole;
  return cutToBytes(whole, mostCollectedBytes - byteLength(mark)) + mark;
}

const redacted = "[redacted]";

/** Headers whose value is the rest of the line. */
const headers = /\b((?:proxy-)?authorization["']?\s*[:=]\s*)[^\r\n<]+/gi;

/** Parameters, members, elements and headers that hold a secret, a token or a signature. */
const members =
  /\b(x-amz-(?:signature|security-token|credential)|awsaccesskeyid|aws_?(?:session_?token|secret_?access_?key|access_?key_?id|security_?token)|secret_?access_?key|session_?token|security_?token|access_?token|password|signature)((?:&quot;|\\?["'])?\s*(?:[=:>]|%3D|%3A)\s*(?:&quot;|\\?["'])?)([^\s"'&,;<>\\]+)/gi;

/** Temporary credentials' tokens begin so (seen in STS's answers and examples, IAM user guide, November 2026). */
const tokens = /(?:FwoG|FQoG|IQoJ|AQoD|AQoE)[A-Za-z0-9+/=_%-]{16,}/g;

/** Anything as long as a token in a token's letters: no name, ARN or digest is. */
const longRuns = /[A-Za-z0-9+/=_%-]{160,}/g;

const keyIds = /\b(?:AKIA|ASIA)[A-Z0-9]{12,124}\b/g;

/** What is as long as a secret access key and made of its letters. */
const fortyLetters = /(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/g;

/**
 * What an error of AWS or of the network says, without credentials, session tokens and signatures, and cut as
 * {@link collected}. To do it twice changes nothing.
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

/** A secret key mixes cases and digits; a digest and a path do not. */
function looksRandom(run: string): boolean {
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run);
}

/** Takes secrets out of an error, and out of those that caused it, wherever it is then printed. */
export function cleanse(error: unknown, depth = 0): void {
  if (!(error instanceof Error) || depth > 5) return;
  for (const key of ["message", "stack"] as const) {
    const text = error[key];
    if (typeof text === "string") Reflect.set(error, key, withoutSecrets(text));
  }
  cleanse(error.cause, depth + 1);
}
