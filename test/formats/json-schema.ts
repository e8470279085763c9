import { Ajv } from "ajv";
import formats from "ajv-formats";

/** What a JSON Schema finds wrong with a document, as text; nothing when it is valid. */
export function validatorOf(schema: object): (document: unknown) => readonly string[] {
  // Published schemas have keywords of their own, and patterns of before there was a `u` flag.
  const ajv = formats.default(new Ajv({ allErrors: true, strict: false, unicodeRegExp: false }));
  const validate = ajv.compile(schema);
  return (document) => {
    validate(document);
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}
