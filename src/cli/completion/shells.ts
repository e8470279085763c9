import { allCommands, type CompletedCommand, type CompletedOption, wordsOf } from "./tree.ts";

const program = "pull-through-auditor";

/** Patterns of `case` for the words that call each command: `"policy lint"` after `policy` is `"policy lint"`. */
function callPatterns(root: CompletedCommand): string {
  const patterns = allCommands(root).flatMap(({ path }) => {
    const words = path.split(" ");
    const [before, last] = [words.slice(0, -1).join(" "), words.at(-1)];
    return path === "" ? [] : [`"${before}:${last}"`];
  });
  return patterns.join("|");
}

/** Clauses of `case` for the options that take a value; `complete` completes from a list of words, or files. */
function valueClauses(root: CompletedCommand, complete: (words: readonly string[]) => string): string {
  const clauses = allCommands(root).flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(({ names, values }) => {
        const patterns = names.map((name) => `"${path}:${name}"`);
        return `    ${patterns.join("|")}) ${complete(values)}; return ;;`;
      }),
  );
  return clauses.join("\n");
}

function wordClauses(root: CompletedCommand): string {
  return allCommands(root)
    .map((command) => `    "${command.path}") candidates="${wordsOf(command).join(" ")}" ;;`)
    .join("\n");
}

/** The completion of Bash. Without a candidate, Bash completes files. */
export function bashCompletion(root: CompletedCommand): string {
  return `# Load it with: source <(${program} completion bash)
_pull_through_auditor() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" called="" word candidates=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$called:$word" in
      ${callPatterns(root)}) called="\${called:+$called }$word" ;;
    esac
  done
  COMPREPLY=()
  case "$called:$previous" in
${valueClauses(root, (words) => `COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$current"))`)}
  esac
  case "$called" in
${wordClauses(root)}
  esac
  COMPREPLY=($(compgen -W "$candidates" -- "$current"))
}
complete -o default -F _pull_through_auditor ${program}
`;
}

/** The completion of Zsh. */
export function zshCompletion(root: CompletedCommand): string {
  return `#compdef ${program}
# Load it with: source <(${program} completion zsh)
_pull_through_auditor() {
  local previous="\${words[CURRENT-1]}" called="" word candidates=""
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$called:$word" in
      ${callPatterns(root)}) called="\${called:+$called }$word" ;;
    esac
  done
  case "$called:$previous" in
${valueClauses(root, (words) => (words.length === 0 ? "_files" : `compadd -- ${words.join(" ")}`))}
  esac
  case "$called" in
${wordClauses(root)}
  esac
  compadd -- \${=candidates}
  _files
}
compdef _pull_through_auditor ${program}
`;
}

/** The completion of Fish. */
export function fishCompletion(root: CompletedCommand): string {
  const lines = allCommands(root).flatMap((command) => {
    const [first, ...more] = command.path === "" ? [] : command.path.split(" ");
    const seen = [first, ...more].flatMap((word) =>
      word === undefined ? [] : [`__fish_seen_subcommand_from ${word}`],
    );
    const names = command.subcommands.map(({ path }) => path.split(" ").at(-1) ?? path);
    const none = names.length === 0 ? [] : [`not __fish_seen_subcommand_from ${names.join(" ")}`];
    const when = [...seen, ...none].join("; and ");
    const start = `complete -c ${program} -n ${quoted(when)}`;
    return [
      ...command.subcommands.map(
        ({ path, description }) => `${start} -f -a ${path.split(" ").at(-1)} -d ${quoted(description)}`,
      ),
      ...(command.values.length === 0 ? [] : [`${start} -f -a ${quoted(command.values.join(" "))}`]),
      ...command.options.map((option) => `${start}${fishOption(option)}`),
    ];
  });
  return `# Load it with: ${program} completion fish | source\n${lines.join("\n")}\n`;
}

function fishOption({ names, description, values, takesValue }: CompletedOption): string {
  const flags = names.map((name) =>
    name.startsWith("--") ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`,
  );
  const value = values.length > 0 ? ` -x -a ${quoted(values.join(" "))}` : takesValue ? " -r" : "";
  return `${flags.join("")}${value} -d ${quoted(description)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
