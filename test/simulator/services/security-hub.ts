import { z } from "zod";
import { arnAt } from "../arn.ts";
import { AwsError } from "../aws-error.ts";
import { REST_JSON_DIALECT } from "../dialect.ts";
import { pageOf } from "../pagination.ts";
import { type CallContext, operation, pageShapeOf, placeOf, type Service } from "../service.ts";
import { restJsonProtocol } from "../wire/json.ts";
import { regionOf } from "../world-access.ts";
import { accountId, pageSize, text } from "./fields.ts";

const MAX_FINDING_BYTES = 240 * 1024;
const MAX_BATCH_BYTES = 6 * 1024 * 1024;

const moment = z.iso.datetime({ offset: true });

const severity = z.looseObject({
  Label: z.enum(["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"]).optional(),
  Normalized: z.int().min(0).max(100).optional(),
});
const types = z.array(z.string()).max(50);

/** Up to 50 fields, with values up to a length. */
function fields(length: number) {
  return z
    .record(text(1, 128), text(1, length))
    .refine((record) => Object.keys(record).length <= 50, "more than 50 fields");
}

const resource = z.looseObject({
  Type: text(1, 256),
  Id: text(1, 512),
  Partition: z.enum(["aws", "aws-cn", "aws-us-gov"]).optional(),
  Region: text(1, 16).optional(),
  Details: z.looseObject({ Other: fields(1023).optional() }).optional(),
});

const findingFields = z.looseObject({
  SchemaVersion: z.literal("2018-10-08"),
  Id: text(1, 512),
  ProductArn: text(12, 2048),
  GeneratorId: text(1, 512),
  AwsAccountId: accountId,
  CreatedAt: moment,
  UpdatedAt: moment,
  Severity: severity.optional(),
  Types: types.optional(),
  FindingProviderFields: z.looseObject({ Severity: severity.optional(), Types: types.optional() }).optional(),
  Title: text(1, 256),
  Description: text(1, 1024),
  Remediation: z
    .looseObject({ Recommendation: z.looseObject({ Text: text(1, 512).optional() }).optional() })
    .optional(),
  ProductFields: fields(2048).optional(),
  Resources: z.array(resource).min(1).max(32),
});

const findingInput = findingFields.refine(
  ({ Severity, FindingProviderFields }) => isGiven(Severity) || isGiven(FindingProviderFields?.Severity),
  { path: ["Severity"], error: "neither Severity nor FindingProviderFields.Severity is given" },
);

function isGiven({ Label, Normalized }: z.output<typeof severity> = {}): boolean {
  return Label !== undefined || Normalized !== undefined;
}

const batchImportInput = z.strictObject({
  Findings: z
    .array(z.looseObject({ Id: z.string().optional() }))
    .min(1)
    .max(100)
    .refine((findings) => Buffer.byteLength(JSON.stringify(findings)) <= MAX_BATCH_BYTES, "over 6 MB"),
});

const getFindingsInput = z.strictObject({
  MaxResults: pageSize(100).default(10),
  NextToken: z.string().optional(),
});

/** An accepted finding with the account and region of its import. */
export type StoredFinding = Imported & { readonly importedInto: string };

type Imported = z.output<typeof findingInput>;

/**
 * Security Hub: BatchImportFindings, and GetFindings without filters.
 * Source: Security Hub API reference and User Guide, "Required top-level ASFF attributes" and "BatchImportFindings for
 * finding providers", which has the limits of 100 findings, 240 KB for each and 6 MB for all, the default product's ARN
 * and the fields that a provider cannot update.
 */
export const securityHub: Service = {
  name: "securityhub",
  protocol: restJsonProtocol({
    "POST /findings/import": "BatchImportFindings",
    "POST /findings": "GetFindings",
  }),
  dialect: { ...REST_JSON_DIALECT, invalidInput: { code: "InvalidInputException", status: 400 } },
  isRegional: true,
  operations: {
    BatchImportFindings: operation(batchImportInput, batchImport),
    GetFindings: operation(getFindingsInput, getFindings),
  },
};

function batchImport({ Findings }: z.output<typeof batchImportInput>, call: CallContext): unknown {
  const hub = hubOf(call);
  const failures = Findings.flatMap((finding) => {
    const problem = importFinding(finding, hub, call);
    return problem === undefined
      ? []
      : [{ Id: finding.Id ?? "", ErrorCode: "InvalidInput", ErrorMessage: problem }];
  });
  return {
    FailedCount: failures.length,
    SuccessCount: Findings.length - failures.length,
    FailedFindings: failures,
  };
}

/** Imports one finding, or returns its error. The rest of the batch is not affected. */
function importFinding(raw: unknown, hub: string, call: CallContext): string | undefined {
  const checked = findingInput.safeParse(raw);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return `Finding does not adhere to Amazon Finding Format. ${issue?.path.join(".")}: ${issue?.message}`;
  }
  const finding = checked.data;
  const { securityHubFindings } = call.memory;
  if (Buffer.byteLength(JSON.stringify(finding)) > MAX_FINDING_BYTES) return "Finding exceeds 240 KB.";
  if (finding.AwsAccountId !== call.caller.accountId) return "AwsAccountId is not the caller's account.";
  if (finding.ProductArn !== productArn(call)) return "ProductArn is not the caller's default product.";
  const known = securityHubFindings.findIndex(
    (stored) =>
      stored.importedInto === hub && stored.Id === finding.Id && stored.ProductArn === finding.ProductArn,
  );
  const previous = securityHubFindings[known];
  if (previous === undefined) {
    securityHubFindings.push({ ...finding, importedInto: hub });
    return undefined;
  }
  if (Date.parse(finding.UpdatedAt) <= Date.parse(previous.UpdatedAt)) {
    return "UpdatedAt must be later than that of the finding to update.";
  }
  securityHubFindings[known] = { ...finding, ...usersOwn(finding, previous), importedInto: hub };
  return undefined;
}

/** The fields of an existing finding that belong to the hub's users. Provider updates of them are ignored. */
function usersOwn(finding: Imported, previous: Imported): Record<string, unknown> {
  return Object.fromEntries(
    ["Note", "UserDefinedFields", "VerificationState", "Workflow"]
      .filter((field) => field in finding || field in previous)
      .map((field) => [field, previous[field]]),
  );
}

function getFindings(input: z.output<typeof getFindingsInput>, call: CallContext): unknown {
  const hub = hubOf(call);
  const page = pageOf({
    items: call.memory.securityHubFindings.filter(({ importedInto }) => importedInto === hub),
    list: `findings ${hub}`,
    token: input.NextToken,
    size: input.MaxResults,
    shape: pageShapeOf(call),
  });
  if (page === undefined) throw new AwsError("InvalidInputException", "Invalid NextToken.");
  return {
    Findings: page.items.map(({ importedInto: _ours, ...finding }) => finding),
    NextToken: page.nextToken,
  };
}

/** The ARN of the hub that receives the call. @throws AwsError if Security Hub is off */
function hubOf(call: CallContext): string {
  const { world, caller, region } = call;
  if (regionOf(world, caller.accountId, region).securityHub) {
    return arnAt(placeOf(call), "securityhub", "hub/default");
  }
  throw new AwsError(
    "InvalidAccessException",
    `Account ${caller.accountId} is not subscribed to AWS Security Hub`,
    401,
  );
}

function productArn(call: CallContext): string {
  const { accountId: id } = call.caller;
  return arnAt(placeOf(call), "securityhub", `product/${id}/default`);
}
