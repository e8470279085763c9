import type { Fault, Throttle } from "./faults.ts";

/** AWS partitions: the second part of every ARN. */
export type Partition = "aws" | "aws-cn" | "aws-us-gov";

/** Lifecycle of a member account. Source: Organizations API, `Account.State` (`Status` was retired in 2026). */
export type AccountState = "ACTIVE" | "PENDING_ACTIVATION" | "SUSPENDED" | "PENDING_CLOSURE" | "CLOSED";

/** Whether an account uses a region. Source: Account API, `RegionOptStatus`. */
export type RegionOptStatus = "ENABLED" | "ENABLED_BY_DEFAULT" | "ENABLING" | "DISABLING" | "DISABLED";

/** An AWS organization with its faults, as plain data that a test may change between two audits. */
export interface World {
  partition: Partition;
  hub: Hub;
  /** Absent: the hub is a stand-alone account, and Organizations answers AWSOrganizationsNotInUseException. */
  organization?: Organization;
  /** Regions that every account has enabled by default. */
  regions: string[];
  /** By account id, in the order of ListAccounts. */
  accounts: Record<string, Account>;
  validation: ValidationHabits;
  faults: Fault[];
  throttles: Throttle[];
  /** The seed of random effects (jitter, probabilities). */
  seed: number;
}

/** The account that runs the audit. */
export interface Hub {
  accountId: string;
  region: string;
  /** `user`: long-lived keys. `role`: a session like that of a Lambda function; assuming a role is role chaining. */
  principal: "user" | "role";
}

/** The data of Organizations besides the accounts. */
export interface Organization {
  id: string;
  rootId: string;
  managementAccountId: string;
  delegatedAdministrators: string[];
  /** Trusted access for Account Management: allows the hub to call ListRegions for members. */
  accountManagementTrusted: boolean;
  /** Accounts on a page; AWS returns at most 20. */
  pageSize: number;
}

/** One AWS account. */
export interface Account {
  id: string;
  name: string;
  email: string;
  state: AccountState;
  /** The member in which ListAccounts tells the state: neither is required. Absent: `State`. */
  stateIn?: "State" | "Status" | "neither";
  /** Names of organizational units from the root down, joined by `/`; empty for the root itself. */
  organizationalUnit: string;
  joinedAt: string;
  /** Absent: the audit role is not deployed here. */
  role?: AuditRole;
  /** Regions whose status differs from {@link World.regions}. */
  regionStatus: Record<string, RegionOptStatus>;
  /** The account's resources, by region. A region without an entry is empty. */
  regions: Record<string, Region>;
}

/** The role that the audit assumes in an account. */
export interface AuditRole {
  name: string;
  /** If present, AssumeRole must contain it. */
  externalId?: string;
  /** The longest allowed session. */
  maxSessionSeconds: number;
  /** Ends sessions earlier than requested, to test whether the caller renews them. */
  sessionSeconds?: number;
}

/** The resources of one account in one region: its ECR registry and others. */
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
  /** Those of the buckets that have Object Lock. Absent: none. */
  lockedBuckets?: string[];
  securityHub: boolean;
  /** The event history of CloudTrail. Absent: nothing was called. */
  trail?: TrailRecord[];
  /** Absent: there are none. */
  repositories?: Repository[];
}

/** A repository. Source: ECR API, `Repository`. */
export interface Repository {
  name: string;
  createdAt: string;
  imageTagMutability: string;
  encryptionType: string;
  scanOnPush: boolean;
  /** Absent: it has none. */
  lifecyclePolicy?: string;
  /** Absent: it has none. */
  repositoryPolicy?: string;
  /** The times at which it was pulled from. Default: never. */
  pulls?: string[];
  /** Whether there is a zero for each period without pulls. Default: there is no data. */
  publishesZeros?: boolean;
  /** Absent: it has none. */
  images?: Image[];
}

/** An image. Source: ECR API, `ImageDetail`. */
export interface Image {
  sizeInBytes: number;
  manifestMediaType: string;
}

/** A call as CloudTrail records it, in any form: a world may have records that are not as documented. */
export type TrailRecord = Readonly<Record<string, unknown>>;

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
  /** Overrides the result that follows from the secret or the role. */
  validation?: Validation;
}

/** The answers of ValidatePullThroughCacheRule: always the same, or a sequence whose last one repeats. */
export type Validation = Verdict | { readonly sequence: readonly [Verdict, ...Verdict[]] };

/** One answer of ValidatePullThroughCacheRule. */
export type Verdict =
  | { readonly isValid: true }
  | { readonly isValid: false; readonly failure: string }
  | { readonly error: ErrorAnswer };

/** An error answer. */
export interface ErrorAnswer {
  readonly code: string;
  readonly message: string;
  readonly status?: number;
}

/**
 * The answers of ValidatePullThroughCacheRule for rules for which its behaviour is not documented.
 * Source: ECR API reference, which only mentions authenticated upstreams.
 */
export interface ValidationHabits {
  credentialless: ValidationHabit;
  ecrToEcr: ValidationHabit;
}

/** Validates like any rule, or refuses with that error code. */
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
  /** Absent: always ten days ago, to keep worlds from aging. */
  lastChangedDate?: string;
  lastRotatedDate?: string;
  /** When the version AWSCURRENT was created. Absent: when it last changed. */
  valueSetDate?: string;
  /** Absent: it was never set up for rotation. */
  rotation?: { enabled: boolean; nextDate?: string };
  /** Present: scheduled for deletion. */
  deletedDate?: string;
  tags: Record<string, string>;
  /** How the upstream treats the credentials; `wrong-shape` has `password` instead of `accessToken`. */
  login: "accepted" | "rejected" | "wrong-shape";
  /** Only present for readable secrets, such as a webhook URL. */
  value?: string;
}

/** An SNS topic. */
export interface Topic {
  name: string;
  /** Other accounts that may publish. */
  publishers: string[];
  /** Other accounts that may read its attributes. */
  readers?: string[];
  /** Absent: one confirmed subscription. */
  subscriptions?: { confirmed: number; pending: number };
}
