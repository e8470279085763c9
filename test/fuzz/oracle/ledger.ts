import type { RecordedCall } from "../../simulator/ledger.ts";
import { type Known, known, type Unknown } from "./model.ts";

/** A question that the auditor has to ask; what is left out does not matter. */
export type Question = {
  readonly service: string;
  readonly operation: string;
  readonly account?: string;
  readonly region?: string;
  /** What must be in the parameters. */
  readonly about?: Readonly<Record<string, string>>;
};

/** A call as an auditor must see it: an answer that is none is as an error of the service. */
export function asSeen(call: RecordedCall): RecordedCall {
  return call.spoiled === undefined ? call : { ...call, httpStatus: 500, errorCode: "NoAnswer" };
}

/** The calls that asked a question, in their order. */
export function callsAsking(calls: readonly RecordedCall[], question: Question): readonly RecordedCall[] {
  const { service, operation, account, region, about = {} } = question;
  return calls.filter(
    (call) =>
      call.service === service &&
      call.operation === operation &&
      (account === undefined || call.account === account) &&
      (region === undefined || call.region === region) &&
      Object.entries(about).every(([name, value]) => inputOf(call)[name] === value),
  );
}

function inputOf({ input }: RecordedCall): Readonly<Record<string, unknown>> {
  return typeof input === "object" && input !== null ? { ...input } : {};
}

/**
 * What came of a question: `value` when the last answer to it was a good one. Pages come one after the other, so
 * that the last answer is the last page's.
 */
export function answerTo<T>(calls: readonly RecordedCall[], question: Question, value: () => T): Known<T> {
  const last = callsAsking(calls, question).at(-1);
  // IAM's name of the service, which is not the one in the addresses of CloudWatch.
  const service = question.service === "monitoring" ? "cloudwatch" : question.service;
  const operation = `${service}:${question.operation}`;
  if (last === undefined) return { known: false, reason: "never-asked", operation };
  return last.httpStatus === 200 ? known(value()) : { known: false, reason: reasonOf(last), operation };
}

const regionDisabled = ["UnrecognizedClientException", "InvalidClientTokenId", "RegionDisabledException"];

/** What AWS's sentence says of the policy that denies, and the reason of the report. */
const denials = [
  ["service control policy", "denied-by-scp"],
  ["resource control policy", "denied-by-rcp"],
  ["VPC endpoint policy", "denied-by-vpc-endpoint-policy"],
  ["permissions boundary", "denied-by-permissions-boundary"],
  ["session policy", "denied-by-session-policy"],
] as const;

/** Why a call failed, as a reason of the report. */
export function reasonOf({ errorCode = "", errorMessage = "", httpStatus }: RecordedCall): string {
  if (httpStatus === undefined) return "timeout";
  if (/throttl|TooManyRequests|SlowDown/i.test(errorCode)) return "throttled";
  const denial = denials.find(([policy]) => errorMessage.includes(policy));
  if (denial !== undefined) return denial[1];
  if (errorCode === "OptInRequired") return "account-not-ready";
  if (regionDisabled.includes(errorCode)) return "region-disabled";
  if (errorCode.includes("AccessDenied")) return "access-denied";
  return "service-error";
}

/** Why a question about an account was never asked: its role could not be assumed. Another trouble is as it is. */
export function explained(trouble: Unknown, account: string, calls: readonly RecordedCall[]): Unknown {
  if (trouble.reason !== "never-asked") return trouble;
  const about = { RoleArn: `arn:aws:iam::${account}:role/pull-through-auditor` };
  const asked = callsAsking(calls, { service: "sts", operation: "AssumeRole", about });
  const last = asked.findLast(({ httpStatus }) => httpStatus !== 200);
  if (last === undefined) return trouble;
  const refused = /ExpiredToken|InvalidClientTokenId/.test(last.errorCode ?? "");
  // AWS does not accept the hub's credentials: the role is not to blame.
  const reason = refused ? "service-error" : reasonOf(last);
  const operation = "sts:AssumeRole";
  if (last.errorCode === "RegionDisabledException")
    return { known: false, reason: "sts-not-activated", operation };
  if (/no identity-based policy/.test(last.errorMessage ?? "")) return { known: false, reason, operation };
  const isAboutTheRole =
    ["access-denied", "region-disabled"].includes(reason) ||
    (reason === "service-error" && !refused && (last.httpStatus ?? 0) < 500);
  return { known: false, reason: isAboutTheRole ? "role-not-assumable" : reason, operation };
}
