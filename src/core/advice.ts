/**
 * A command for a shell, to be shown on one line and copied unchanged. It is a class so that in a plain template, where
 * no type is checked, it reads as the command.
 */
export class Command {
  readonly command: string;
  /** Makes other objects with a command another type. */
  readonly #isCommand = true;

  constructor(command: string) {
    this.command = command;
  }

  static is(value: unknown): value is Command {
    return typeof value === "object" && value !== null && #isCommand in value;
  }

  toString(): string {
    return this.command;
  }
}

/** What to do, in sentences with commands in between. A plain text has no command. */
export type Advice = string | readonly (string | Command)[];

/** One step of an advice: what it is for, and the commands that do it. */
export type Step = { readonly text: string; readonly commands: readonly string[] };

/** The tag of a template that keeps its commands apart from its text. Advice inside advice is merged. */
export function advice(
  texts: TemplateStringsArray,
  ...values: readonly (Advice | Command | number | null)[]
): Advice {
  return texts.flatMap((text, index) => {
    const value = values[index] ?? "";
    const parts = typeof value === "number" ? String(value) : value;
    return [text, ...(typeof parts === "string" || Command.is(parts) ? [parts] : parts)];
  });
}

/** The advice as one text, with its commands in it. */
export function adviceText(given: Advice): string {
  return partsOf(given).map(textOfPart).join("");
}

/** The advice as steps. Each command belongs to the text before it; a text after the last command has none. */
export function stepsOf(given: Advice): readonly Step[] {
  const steps: { text: string; commands: string[] }[] = [];
  let text = "";
  for (const part of [...partsOf(given), ""]) {
    if (typeof part === "string") {
      text += part;
      continue;
    }
    const words = sentenceOf(text);
    const last = steps.at(-1);
    if (words === "" && last !== undefined) last.commands.push(part.command);
    else steps.push({ text: words, commands: [part.command] });
    text = "";
  }
  const ending = sentenceOf(text);
  return ending === "" ? steps : [...steps, { text: ending, commands: [] }];
}

function partsOf(given: Advice): readonly (string | Command)[] {
  return typeof given === "string" ? [given] : given;
}

function textOfPart(part: string | Command): string {
  return typeof part === "string" ? part : part.command;
}

/** A text between commands, without the punctuation that joins them in running text. */
function sentenceOf(text: string): string {
  const words = text.replace(/^[\s;.]+/, "").trimEnd();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
