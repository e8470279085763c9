/** A block at the top of a file of HCL, with the comments in it and directly above it. */
export type HclBlock = {
  /** Its type and labels: `resource`, `aws_x`, `name`. */
  readonly header: readonly string[];
  /** From 1. */
  readonly line: number;
  readonly text: string;
  readonly comments: readonly HclComment[];
};

/** A comment of one line, without its mark. */
export type HclComment = { readonly text: string; readonly line: number };

/** Comments, heredocs, texts and braces. What begins a text within `${…}` of another text is part of that text. */
const tokens =
  /(?:#|\/\/)(?<comment>[^\n]*)|\/\*[\s\S]*?(?:\*\/|$)|<<-?(?<mark>\w+)[^\n]*\n(?:[\s\S]*?\n)?[ \t]*\k<mark>(?=\s|$)|"(?:[^"\\\n]|\\.)*"|[{}]|\n/g;

/**
 * The blocks at the top of a file of HCL (HashiCorp, "HCL Native Syntax Specification"). Nothing is evaluated. Text that is
 * not HCL has no blocks.
 */
export function blocksIn(text: string): readonly HclBlock[] {
  const blocks: HclBlock[] = [];
  let line = 1;
  let depth = 0;
  let lineStart = 0;
  let comments: HclComment[] = [];
  let open: Pick<HclBlock, "header" | "line"> & { readonly start: number } = {
    header: [],
    line: 1,
    start: 0,
  };
  for (const { 0: token, index, groups } of text.matchAll(tokens)) {
    if (groups?.["comment"] !== undefined) {
      comments.push({ text: groups["comment"].trim(), line });
    } else if (token === "{") {
      if (depth === 0) {
        const header = text.slice(lineStart, index).match(/"[^"]*"|[\w-]+/g) ?? [];
        open = { header: header.map((word) => word.replaceAll('"', "")), line, start: index };
        // Only comments directly above belong to the block.
        comments = comments.filter((comment, at, all) => comment.line === line - (all.length - at));
      }
      depth += 1;
    } else if (token === "}") {
      depth = Math.max(0, depth - 1);
      if (depth === 0) {
        blocks.push({
          header: open.header,
          line: open.line,
          text: text.slice(open.start, index + 1),
          comments,
        });
        comments = [];
      }
    }
    const breaks = token.split("\n").length - 1;
    line += breaks;
    if (breaks > 0) lineStart = index + token.lastIndexOf("\n") + 1;
  }
  return blocks;
}
