/**
 * The control ECR.1 of AWS Security Hub fails where images are scanned neither on push nor continuously. AWS maps it to
 * these requirements (AWS Security Hub user guide, "Security Hub CSPM controls for Amazon ECR", read on 2026-11-29).
 */
const securityHubEcr1 = ["NIST.800-53.r5 RA-5", "PCI DSS v4.0.1/6.2.3", "PCI DSS v4.0.1/6.2.4"] as const;

/**
 * The requirements that published mappings name for what a check covers. `docs/requirements.md` says what each check covers
 * of them and what it does not, and which mappings are left out.
 */
export const publishedRequirements = {
  /** CIS EKS 5.1.1: "Ensure Image Vulnerability Scanning using Amazon ECR image scanning or a third party provider". */
  scanning: [...securityHubEcr1, "CIS EKS 5.1.1"],
  /** CIS EKS 5.1.4: "Minimize Container Registries to only those approved". Both as of CIS Amazon EKS Benchmark 1.5.0. */
  approvedRegistries: ["CIS EKS 5.1.4"],
} as const satisfies Record<string, readonly string[]>;
