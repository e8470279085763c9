import XmlBuilder from "fast-xml-builder";
import { briefLine } from "../escape/brief.ts";
import { nameText } from "../places.ts";
import type { Judged } from "../sarif/log.ts";
import { waiverWords } from "../sections/waiver-words.ts";

/** What a test case came to; nothing of one that passed. */
type Outcome =
  | {
      readonly kind: "failure" | "error";
      readonly type: string;
      readonly message: string;
      readonly text: string;
    }
  | { readonly kind: "skipped"; readonly message: string }
  | null;

/** One case, which stands for a finding. */
export type TestCase = { readonly name: string; readonly outcome: Outcome };

/** Cases under one name. */
export type Suite = { readonly name: string; readonly cases: readonly TestCase[] };

/**
 * Suites as JUnit XML. All texts in them must be inline texts, which hold no character that XML 1.0 can not.
 *
 * @param when what is known of the time; nothing where none was taken
 */
export function junitXml(
  suites: readonly Suite[],
  when?: { readonly timestamp: string; readonly seconds: number },
): string {
  return builder.build({
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: {
      "@name": "pull-through-auditor",
      ...counts(suites.flatMap(({ cases }) => cases)),
      ...(when === undefined ? {} : { "@time": when.seconds }),
      testsuite: suites.map(({ name, cases }) => ({
        "@name": name,
        ...counts(cases),
        ...(when === undefined ? {} : { "@timestamp": when.timestamp }),
        testcase: cases.map((testCase) => element(name, testCase)),
      })),
    },
  });
}

const builder = new XmlBuilder({
  attributeNamePrefix: "@",
  textNodeName: "#",
  ignoreAttributes: false,
  suppressBooleanAttributes: false,
  suppressEmptyNode: true,
  format: true,
});

/** What became of a finding, as a test case. */
export function outcomeOf(finding: Judged & { readonly kind: string; readonly stale?: boolean }): Outcome {
  const { status, severity, kind, title, message, remediation, waiver, stale = false } = finding;
  switch (status) {
    case "PASS":
      return null;
    case "NOT_APPLICABLE":
      return { kind: "skipped", message: `Does not apply: ${briefLine(message)}` };
    case "WAIVED":
      return { kind: "skipped", message: `Waived${waiver === null ? "" : ` ${waiverWords(waiver)}`}` };
    case "UNKNOWN":
    case "FAIL": {
      const text = briefLine(
        `${stale ? "Not seen this time; as it was seen last. " : ""}${message} ${remediation}`,
      );
      const failed = { type: nameText(kind), message: `${severity.toUpperCase()} ${briefLine(title)}`, text };
      return { kind: status === "FAIL" ? "failure" : "error", ...failed };
    }
  }
}

function element(classname: string, { name, outcome }: TestCase) {
  const named = { "@classname": classname, "@name": name };
  if (outcome === null) return named;
  if (outcome.kind === "skipped") return { ...named, skipped: { "@message": outcome.message } };
  const { kind, message, type, text } = outcome;
  return { ...named, [kind]: { "@message": message, "@type": type, "#": text } };
}

function counts(cases: readonly TestCase[]) {
  const of = (kind: NonNullable<Outcome>["kind"]) =>
    cases.filter(({ outcome }) => outcome?.kind === kind).length;
  return {
    "@tests": cases.length,
    "@failures": of("failure"),
    "@errors": of("error"),
    "@skipped": of("skipped"),
  };
}
