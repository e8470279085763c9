/** The contents of an XML element: text, elements by name, or several elements with the same name. */
export type XmlContent = string | number | boolean | undefined | XmlElements | readonly XmlContent[];

/** Elements by name; `undefined` ones are left out. */
export interface XmlElements {
  readonly [name: string]: XmlContent;
}

/** Elements as XML text; a list repeats its element. */
export function toXml(elements: XmlElements): string {
  return Object.entries(elements)
    .flatMap(([name, content]) =>
      isList(content) ? content.map((one) => element(name, one)) : [element(name, content)],
    )
    .join("");
}

/** A whole document around one element. */
export function xmlDocument(name: string, namespace: string, content: XmlElements): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="${namespace}">${toXml(content)}</${name}>`;
}

function element(name: string, content: XmlContent): string {
  if (content === undefined) return "";
  if (isList(content)) return content.map((one) => element(name, one)).join("");
  const inner = typeof content === "object" ? toXml(content) : escapeXml(String(content));
  return `<${name}>${inner}</${name}>`;
}

function isList(content: XmlContent): content is readonly XmlContent[] {
  return Array.isArray(content);
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
