/** A set of the latest texts. When it has more than `most`, it drops the oldest. */
export function recentTexts(
  most: number,
): Pick<Set<string>, "has"> & { readonly add: (text: string) => void } {
  const texts = new Set<string>();
  return {
    has: (text) => texts.has(text),
    add: (text) => {
      texts.add(text);
      const [oldest] = texts;
      if (texts.size > most && oldest !== undefined) texts.delete(oldest);
    },
  };
}
