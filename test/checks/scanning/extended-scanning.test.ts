import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { extendedScanning } from "../../../src/checks/scan-coverage/scanning.ts";

const frequencies = ["CONTINUOUS_SCAN", "SCAN_ON_PUSH"] as const;

describe("extendedScanning", () => {
  it("adds the filter to those that are scanned continuously", () => {
    const scanning = {
      scanType: "ENHANCED",
      rules: [
        { scanFrequency: "CONTINUOUS_SCAN", filters: ["prod/*"] },
        { scanFrequency: "SCAN_ON_PUSH", filters: ["dev/*"] },
      ],
    };
    expect(extendedScanning(scanning, frequencies, "quay/*")).toEqual({
      scanType: "ENHANCED",
      rules: [
        { scanFrequency: "SCAN_ON_PUSH", filters: ["dev/*"] },
        { scanFrequency: "CONTINUOUS_SCAN", filters: ["prod/*", "quay/*"] },
      ],
    });
  });

  it("keeps basic scanning, which supports only scans on push", () => {
    expect(extendedScanning({ scanType: "BASIC", rules: [] }, frequencies, "quay/*")).toEqual({
      scanType: "BASIC",
      rules: [{ scanFrequency: "SCAN_ON_PUSH", filters: ["quay/*"] }],
    });
  });

  it("leaves enhanced scanning enhanced where only scans on push count", () => {
    expect(extendedScanning({ scanType: "ENHANCED", rules: [] }, ["SCAN_ON_PUSH"], "quay/*")).toEqual({
      scanType: "ENHANCED",
      rules: [{ scanFrequency: "SCAN_ON_PUSH", filters: ["quay/*"] }],
    });
  });

  it("turns to enhanced scanning where only continuous scans count, and keeps what is scanned on push", () => {
    const rules = [{ scanFrequency: "SCAN_ON_PUSH", filters: ["prod/*"] }];
    expect(extendedScanning({ scanType: "BASIC", rules }, ["CONTINUOUS_SCAN"], "quay/*")).toEqual({
      scanType: "ENHANCED",
      rules: [...rules, { scanFrequency: "CONTINUOUS_SCAN", filters: ["quay/*"] }],
    });
  });

  it("turns to basic scanning where only scans by hand count, and drops what basic scanning does not know", () => {
    const onPush = { scanFrequency: "SCAN_ON_PUSH", filters: ["prod/*"] };
    const rules = [onPush, { scanFrequency: "CONTINUOUS_SCAN", filters: ["*"] }];
    expect(extendedScanning({ scanType: "ENHANCED", rules }, ["MANUAL"], "quay/*")).toEqual({
      scanType: "BASIC",
      rules: [onPush],
    });
  });

  it("keeps every filter where scans on push count", () => {
    const filters = fc.array(fc.constantFrom("a/*", "b/*", "c/*"), { maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom("BASIC", "ENHANCED"), filters, filters, (scanType, pushed, continuous) => {
        const rules = [
          { scanFrequency: "SCAN_ON_PUSH", filters: pushed },
          { scanFrequency: "CONTINUOUS_SCAN", filters: continuous },
        ];
        const after = extendedScanning({ scanType, rules }, frequencies, "quay/*");
        expect(after.rules.flatMap((rule) => rule.filters).toSorted()).toEqual(
          [...pushed, ...continuous, "quay/*"].toSorted(),
        );
      }),
    );
  });
});
