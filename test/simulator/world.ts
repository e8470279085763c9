import type { Fault, Throttle } from "./faults.ts";

/** AWS partitions: the second part of every ARN. */
export type Partition = "aws" | "aws-cn" | "aws-us-gov";

/** Lifecycle of a member account. Source: Organizations API, `Account.State` (`Status` was retired in 2026). */
export type AccountState = "ACTIVE" | "PENDING_ACTIVATION" | "SUSPENDED" | "PENDING_CLOSURE" | "CLOSED";

/** Whether an account uses a region. Source: Account API, `RegionOptStatus`. */
export type RegionOptStatus = "ENABLED" | "ENABLED_BY_DEFAULT" | "ENABLING" | "DISABLING" | "DISABLED";

/** An AWS organization with its troubles, as plain data that a test may change between two audits. */
export interface World {
  partition: Partition;
  hub: Hub;
  /** Absent: the hub is a stand-alone account, and Organizations answers AWSOrganizationsNotInUseException. */
  organization?: Organization;
  /** Regions that every account has enabled, unless the account says otherwise. */
  regions: string[];
  /** By account id, in the order in which ListAccounts names them. */
  accounts: Record<string, Account>;
  validation: ValidationHabits;
  faults: Fault[];
  throttles: Throttle[];
  /** Where random effects (jitter, probabilities) start from. */
  seed: number;
}

/** The account that runs the audit. */
export interface Hub {
  accountId: string;
  region: string;
  /** `user`: long-lived keys. `role`: a session like a Lambda's, so that assuming a role is role chaining. */
  principal: "user" | "role";
}

/** What Organizations knows above the accounts. */
export interface Organization {
  id: string;
  rootId: string;
  managementAccountId: string;
  delegatedAdministrators: string[];
  /** Trusted access for Account Management: lets the hub ask ListRegions about members. */
  accountManagementTrusted: boolean;
  /** Accounts to a page; AWS gives at most 20. */
  pageSize: number;
}

/** One AWS account. */
export interface Account {
  id: string;
  name: string;
  email: string;
  state: AccountState;
  /** Names of organizational units from the root down, joined by `/`; empty for the root itself. */
  organizationalUnit: string;
  joinedAt: string;
  /** Absent: nobody deployed the audit role here. */
  role?: AuditRole;
  /** Regions whose status differs from {@link World.regions}. */
  regionStatus: Record<string, RegionOptStatus>;
  /** What the account has, by region; a region without an entry is empty. */
  regions: Record<string, Region>;
}

/** The role that the audit assumes in an account. */
export interface AuditRole {
  name: string;
  /** When present, AssumeRole must bring it. */
  externalId?: string;
  /** The longest session that may be asked for. */
  maxSessionSeconds: number;
  /** Makes sessions end sooner than was asked for, to see whether the caller renews them. */
  sessionSeconds?: number;
}

/** What one account has in one region: its ECR registry and the resources beside it. */
export interface Region {
  rules: Rule[];
  templates: Template[];
  /** The registry policy's JSON text. Absent: none is set. */
  registryPolicy?: string;
  scanning: Scanning;
  secrets: Secret[];
  topics: Topic[];
  /** Names of event buses beside `default`. */
  eventBuses: string[];
  buckets: string[];
  securityHub: boolean;
}

/** A pull through cache rule. Source: ECR API, `PullThroughCacheRule`. */
export interface Rule {
  ecrRepositoryPrefix: string;
  upstreamRegistryUrl: string;
  /** Absent in rules older than the field. */
  upstreamRegistry?: string;
  upstreamRepositoryPrefix?: string;
  /** A secret's name in the same account and region, or a full ARN. */
  credential?: string;
  /** A role's name in the same account, or a full ARN. */
  role?: string;
  createdAt: string;
  updatedAt: string;
  /** Overrides what follows from the secret or the role. */
  validation?: Validation;
}

/** What ValidatePullThroughCacheRule answers: always the same, or one after the other with the last one repeated. */
export type Validation = Verdict | { readonly sequence: readonly [Verdict, ...Verdict[]] };

/** One answer of ValidatePullThroughCacheRule. */
export type Verdict =
  | { readonly isValid: true }
  | { readonly isValid: false; readonly failure: string }
  | { readonly error: ErrorAnswer };

/** An error to answer with. */
export interface ErrorAnswer {
  readonly code: string;
  readonly message: string;
  readonly status?: number;
}

/**
 * What ValidatePullThroughCacheRule says of rules for which its behaviour is not documented.
 * Source: ECR API reference, which speaks of authenticated upstreams alone.
 */
export interface ValidationHabits {
  credentialless: ValidationHabit;
  ecrToEcr: ValidationHabit;
}

/** Validates like any rule, or is refused with that error code. */
export type ValidationHabit = "valid" | "InvalidParameterException" | "ValidationException";

/** A repository creation template. Source: ECR API, `RepositoryCreationTemplate`. */
export interface Template {
  prefix: string;
  description?: string;
  appliedFor: string[];
  imageTagMutability: string;
  encryptionType: string;
  kmsKey?: string;
  lifecyclePolicy?: string;
  repositoryPolicy?: string;
  resourceTags: Record<string, string>;
  /** A role's name in the same account, or a full ARN. */
  customRole?: string;
  createdAt: string;
  updatedAt: string;
}

/** A registry's scanning configuration. Source: ECR API, `RegistryScanningConfiguration`. */
export interface Scanning {
  scanType: "BASIC" | "ENHANCED";
  rules: ScanningRule[];
}

/** Repositories that match a filter (`*` is the only wildcard) and how often they are scanned. */
export interface ScanningRule {
  scanFrequency: "CONTINUOUS_SCAN" | "SCAN_ON_PUSH" | "MANUAL";
  filters: string[];
}

/** A Secrets Manager secret. Source: Secrets Manager API, `DescribeSecret`. */
export interface Secret {
  name: string;
  description?: string;
  /** Absent: encrypted with `aws/secretsmanager`. */
  kmsKeyId?: string;
  createdDate: string;
  /** Absent: ten days ago whenever it is asked about, so that a world does not age. */
  lastChangedDate?: string;
  lastRotatedDate?: string;
  /** Present: scheduled for deletion. */
  deletedDate?: string;
  tags: Record<string, string>;
  /** How the upstream takes what the secret holds; `wrong-shape` has `password` where `accessToken` belongs. */
  login: "accepted" | "rejected" | "wrong-shape";
  /** Given only for secrets that may be read, such as a webhook's URL. */
  value?: string;
}

/** An SNS topic. */
export interface Topic {
  name: string;
  /** Other accounts that may publish. */
  publishers: string[];
}
