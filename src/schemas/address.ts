/** Where this project's files can be fetched. */
const FILES = "https://raw.githubusercontent.com/pull-through-auditor/pull-through-auditor/main";

/**
 * The address of a published schema, which is also its `$id`. Editors fetch it, so that `$schema` works in any folder.
 *
 * @param file the schema's path in this project, such as `policies/policy.schema.json`
 */
export function schemaAddress(file: string): string {
  return `${FILES}/${file}`;
}
