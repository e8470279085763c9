import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

/** Markdown as GitHub turns it into HTML, before it looks for mentions and references in what is not code. */
export function githubHtml(markdown: string): string {
  return micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()] });
}

const entities: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&" };

/** The text of a page, as a reader sees it. */
export function shownText(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&(lt|gt|quot|amp);/g, (entity) => entities[entity] ?? entity);
}

/** The text of a page outside of code, in which GitHub looks for mentions, references and emoji. */
export function outsideCode(html: string): string {
  return shownText(html.replaceAll(/<code>[^<]*<\/code>/g, "\u2060"));
}
