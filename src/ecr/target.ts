import * as z from "zod";

/** A 12-digit AWS account id. */
export const accountIdSchema = z
  .string()
  .regex(/^\d{12}$/, "must be a 12-digit AWS account id")
  .describe("A 12-digit AWS account id.");

/** An AWS region's code, such as `eu-west-1`. */
export const regionSchema = z
  .string()
  .regex(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/, "must be the code of an AWS region, such as eu-west-1")
  .describe("The code of an AWS region, such as eu-west-1.");

/** An account, or `*` for all accounts that could not be listed. */
export const accountOrAllSchema = z.union([z.literal("*"), accountIdSchema]);

/** A region, or `*` for all regions of an account. */
export const regionOrAllSchema = z.union([z.literal("*"), regionSchema]);

/** The key of a registry, `account/region`, with `*` for what could not be listed. */
export const registryKeySchema = z
  .string()
  .regex(
    /^(?:\*|\d{12})\/(?:\*|[a-z]{2,4}(?:-[a-z]+)+-\d{1,2})$/,
    "must be an account and a region, such as 111122223333/eu-west-1",
  );

/** An audit's id. It becomes the name of a folder, so it must not lead elsewhere. */
export const auditIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/, "must be an audit's id: letters, digits, _ and -");

/** The data of an AWS account that an audit needs. */
export type Account = {
  readonly id: string;
  /** The account's name in AWS Organizations, or `null` if Organizations was not read. Untrusted text. */
  readonly name: string | null;
  /** The id of the organization, or `null` if Organizations was not read. */
  readonly organizationId: string | null;
  /** The organizational units that contain the account, outermost first. */
  readonly organizationalUnits: readonly string[];
  /** The account's e-mail address, if it is needed. Untrusted text. */
  readonly email?: string;
};

/** The schema of {@link Target}. */
export const targetSchema = z.strictObject({
  account: z.string(),
  accountName: z.string().nullable(),
  organizationId: z.string().nullable().describe("Null if AWS Organizations was not read."),
  organizationalUnits: z.array(z.string()).readonly(),
  region: z.string(),
  accountEmail: z
    .string()
    .optional()
    .describe("The account's e-mail address in AWS Organizations; only if the policy's owners ask for it."),
});

/** One registry to audit, identified by account and region. */
export type Target = Readonly<z.infer<typeof targetSchema>>;

/** The target of `account` in `region`. */
export function targetOf(account: Account, region: string): Target {
  return {
    account: account.id,
    accountName: account.name,
    organizationId: account.organizationId,
    organizationalUnits: account.organizationalUnits,
    region,
    ...(account.email === undefined ? {} : { accountEmail: account.email }),
  };
}
