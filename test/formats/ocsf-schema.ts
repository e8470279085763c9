/**
 * What OCSF 1.9.0 (of August 3rd, 2026) demands of an event of the class Compliance Finding with the cloud profile, as
 * JSON Schema. Nobody publishes one in a package. It is written after the definitions in ocsf/ocsf-schema on GitHub
 * (`events/base_event.json`, `events/findings/finding.json`, `events/findings/compliance_finding.json`,
 * `profiles/cloud.json` and the objects they refer to), read in November 2026, and closed: an attribute that is not
 * listed here is one that the auditor does not write, or that OCSF does not know. Version 1.3.0 is the same without what
 * CHANGELOG.md there lists under later versions: `compliance.status_details` (1.4.0), `role` of resources (1.6.0).
 */
const text = { type: "string" } as const;
const time = { type: "integer", minimum: 0 } as const;

const object = (properties: Readonly<Record<string, unknown>>, required: readonly string[]) => ({
  type: "object",
  additionalProperties: false,
  properties,
  required,
});

const entity = { anyOf: [{ required: ["name"] }, { required: ["uid"] }] };

const metadataOf = (version: string) =>
  object(
    {
      version: { const: version },
      profiles: { type: "array", items: text, contains: { const: "cloud" } },
      product: { ...object({ name: text, vendor_name: text, version: text, uid: text }, []), ...entity },
      correlation_uid: text,
      event_code: text,
      uid: text,
    },
    ["product", "version"],
  );

const account = { ...object({ uid: text, name: text, type: text, type_id: { const: 10 } }, []), ...entity };

const analytic = {
  ...object({ uid: text, name: text, type: text, type_id: { enum: [0, 1, 2, 3, 4, 99] } }, ["type_id"]),
  ...entity,
};

const findingInfo = object(
  {
    uid: { type: "string", minLength: 1 },
    title: text,
    desc: text,
    types: { type: "array", items: text },
    analytic,
    created_time: time,
    first_seen_time: time,
    last_seen_time: time,
    modified_time: time,
  },
  ["uid"],
);

const complianceWith = (details: Readonly<Record<string, unknown>>) =>
  object(
    {
      control: text,
      requirements: { type: "array", items: text },
      standards: { type: "array", items: text },
      status_id: { enum: [0, 1, 2, 3, 99] },
      status: text,
      status_code: text,
      ...details,
    },
    [],
  );

const resourceWith = (role: Readonly<Record<string, unknown>>) => ({
  ...object(
    {
      uid: text,
      name: text,
      type: text,
      ...role,
      cloud_partition: text,
      region: text,
    },
    [],
  ),
  ...entity,
});

/** The schema of a list of such events. */
export const ocsfSchema = schemaOf(
  metadataOf("1.9.0"),
  complianceWith({ status_details: { type: "array", items: text } }),
  resourceWith({ role: text, role_id: { enum: [0, 1, 2, 3, 4, 99] } }),
);

/** The same in OCSF 1.3.0. */
export const ocsf13Schema = schemaOf(
  metadataOf("1.3.0"),
  complianceWith({ status_detail: text }),
  resourceWith({}),
);

function schemaOf(metadata: object, compliance: object, resource: object) {
  return {
    type: "array",
    items: object(
      {
        activity_id: { enum: [0, 1, 2, 3, 99] },
        activity_name: text,
        category_uid: { const: 2 },
        category_name: { const: "Findings" },
        class_uid: { const: 2003 },
        class_name: { const: "Compliance Finding" },
        type_uid: { enum: [200_300, 200_301, 200_302, 200_303, 200_399] },
        type_name: text,
        time,
        severity_id: { enum: [0, 1, 2, 3, 4, 5, 6, 99] },
        severity: text,
        status_id: { enum: [0, 1, 2, 3, 4, 5, 6, 99] },
        status: text,
        message: text,
        metadata,
        cloud: object({ provider: text, region: text, account }, ["provider"]),
        finding_info: findingInfo,
        compliance,
        remediation: object({ desc: text }, ["desc"]),
        resources: { type: "array", items: resource },
        unmapped: { type: "object" },
      },
      [
        "activity_id",
        "category_uid",
        "class_uid",
        "type_uid",
        "time",
        "severity_id",
        "metadata",
        "cloud",
        "finding_info",
        "compliance",
      ],
    ),
  } as const;
}
