import { z } from "zod";
import { parseArn, roleArn } from "../arn.ts";
import { AwsError } from "../aws-error.ts";
import { denied } from "../denial.ts";
import { QUERY_DIALECT } from "../dialect.ts";
import { type CallContext, operation, type Service } from "../service.ts";
import { queryProtocol } from "../wire/query.ts";
import type { Account, AuditRole } from "../world.ts";
import { text } from "./fields.ts";

const ROLE_CHAINING_SECONDS = 3600;

const assumeRoleInput = z.strictObject({
  RoleArn: text(20, 2048),
  RoleSessionName: text(2, 64).regex(/^[\w+=,.@-]*$/),
  ExternalId: text(2, 1224)
    .regex(/^[\w+=,.@:/-]*$/)
    .optional(),
  DurationSeconds: z.coerce.number().int().min(900).max(43_200).default(3600),
});

/**
 * Security Token Service: AssumeRole and GetCallerIdentity.
 * Source: STS API reference; patterns, lengths and the role chaining limit are AssumeRole's.
 */
export const sts: Service = {
  name: "sts",
  protocol: queryProtocol({ version: "2011-06-15", namespace: "https://sts.amazonaws.com/doc/2011-06-15/" }),
  dialect: QUERY_DIALECT,
  isRegional: false,
  operations: {
    GetCallerIdentity: operation(z.strictObject({}), (_input, { caller }) => ({
      UserId: caller.userId,
      Account: caller.accountId,
      Arn: caller.arn,
    })),
    AssumeRole: operation(assumeRoleInput, assumeRole),
  },
};

function assumeRole(input: z.output<typeof assumeRoleInput>, call: CallContext): unknown {
  const { account, role } = roleThatTrusts(input, call);
  refuseTooLongSession(input.DurationSeconds, role, call);
  const seconds = role.sessionSeconds ?? input.DurationSeconds;
  const session = call.keys.openSession({
    accountId: account.id,
    roleName: role.name,
    sessionName: input.RoleSessionName,
    expiration: new Date(call.now.getTime() + seconds * 1000),
  });
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: session.expiration.toISOString(),
    },
    AssumedRoleUser: { AssumedRoleId: session.caller.userId, Arn: session.caller.arn },
  };
}

function roleThatTrusts(
  { RoleArn, ExternalId }: z.output<typeof assumeRoleInput>,
  { world, caller }: CallContext,
): { account: Account; role: AuditRole } {
  const arn = parseArn(RoleArn);
  if (arn?.service !== "iam") throw new AwsError("ValidationError", `${RoleArn} is invalid`);
  const account = world.accounts[arn.accountId];
  const role = account?.role;
  const isTrusted =
    account !== undefined &&
    canBeUsed(account) &&
    role !== undefined &&
    RoleArn === roleArn({ partition: world.partition, accountId: account.id }, role.name) &&
    (role.externalId === undefined || role.externalId === ExternalId);
  if (isTrusted) return { account, role };
  // STS returns the same text for a missing role, a wrong external id and a closed account.
  throw denied(QUERY_DIALECT, { caller, action: "sts:AssumeRole", resource: RoleArn });
}

/** A member that is being closed works until it is suspended (AWS Organizations user guide, "Account states"). */
function canBeUsed({ state }: Account): boolean {
  return state === "ACTIVE" || state === "PENDING_CLOSURE";
}

function refuseTooLongSession(seconds: number, role: AuditRole, { caller }: CallContext): void {
  if (caller.isRoleSession && seconds > ROLE_CHAINING_SECONDS) {
    throw new AwsError(
      "ValidationError",
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
  }
  if (seconds > role.maxSessionSeconds) {
    throw new AwsError(
      "ValidationError",
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    );
  }
}
