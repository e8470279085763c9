import { type ComponentChild, h } from "preact";
import { renderToString } from "preact-render-to-string";

/** Renders a page to read and to print, without scripts, images or fonts of others. */
export function printablePage(title: string, style: string, body: readonly ComponentChild[]): string {
  const page = h("html", { lang: "en" }, [
    h("head", null, [
      h("meta", { charSet: "utf-8" }),
      h("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      h("title", null, title),
      h("style", { dangerouslySetInnerHTML: { __html: style } }),
    ]),
    h("body", null, [h("h1", null, title), ...body]),
  ]);
  return `<!doctype html>\n${renderToString(page)}\n`;
}
