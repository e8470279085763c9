/**
 * How a tool reads YAML: what an unquoted scalar without a tag means, as the text that AWS receives for it. Quoted
 * scalars, and so all texts of JSON, are always as written.
 */
export type YamlDialect = (plain: string) => string;

const booleans = new Map(
  ["yes", "no", "on", "off", "true", "false"].flatMap((word) => {
    const value = ["yes", "on", "true"].includes(word) ? "true" : "false";
    const capitalized = `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
    return [word, capitalized, word.toUpperCase()].map((spelling) => [spelling, value] as const);
  }),
);

/** The spellings of booleans in YAML 1.1, by their value. */
export const booleanSpellings: ReadonlyMap<string, readonly string[]> = Map.groupBy(
  booleans.keys(),
  (spelling) => booleans.get(spelling) ?? "",
);

/**
 * YAML 1.1, which CloudFormation reads: words such as `yes` and `On` are booleans, and digits after a zero are octal
 * (yaml.org/type/bool.html and int.html; aws-cloudformation/cloudformation-coverage-roadmap #745).
 */
export const cloudFormationYaml: YamlDialect = (plain) => booleans.get(plain) ?? integer11(plain) ?? plain;

/** YAML 1.2 as js-yaml 4 reads it for the Serverless Framework: a number loses the zeros that it begins with. */
export const serverlessYaml: YamlDialect = (plain) => {
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(plain)) return plain.toLowerCase();
  const [, sign = "", digits] = /^([-+]?)(0b[01]+|0o[0-7]+|0x[\da-fA-F]+|\d+)$/.exec(plain) ?? [];
  return digits === undefined ? plain : signed(sign, digits);
};

function integer11(plain: string): string | null {
  const bare = plain.replaceAll("_", "");
  const [, sign = "", digits] = /^([-+]?)(0b[01]+|0x[\da-fA-F]+|0[0-7]*|[1-9]\d*)$/.exec(bare) ?? [];
  if (digits === undefined || !/^[-+]?\d/.test(plain)) return null;
  return signed(sign, /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
}

function signed(sign: string, digits: string): string {
  const value = BigInt(digits);
  return String(sign === "-" ? -value : value);
}
