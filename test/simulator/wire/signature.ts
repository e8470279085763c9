/** The contents of a Signature Version 4 header: the access key, region and service. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

const CREDENTIAL = /Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/;

/**
 * Reads the credential scope. The signature itself is not verified, because the simulator's keys are not secret.
 * Source: IAM User Guide, "Elements of an AWS API request signature".
 */
export function credentialScopeOf(authorization: string | undefined): CredentialScope | undefined {
  const [, accessKeyId, region, service] = CREDENTIAL.exec(authorization ?? "") ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  return { accessKeyId, region, service };
}
