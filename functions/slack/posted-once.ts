/** Remembers as many texts as it is told, and forgets the oldest for every one more. */
export function rememberLast(
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
