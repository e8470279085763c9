const SHOWN_MS = 2_000;

/** Lets buttons copy the text before them; where the clipboard is refused, the text is selected to be copied by hand. */
export function offerCopies(): void {
  document.addEventListener("click", async ({ target }) => {
    if (!(target instanceof HTMLButtonElement) || !target.classList.contains("copy")) return;
    const text = target.previousElementSibling;
    if (text === null) return;
    target.textContent = (await isCopied(text)) ? "Copied" : "Selected: press Ctrl+C";
    window.setTimeout(() => {
      target.textContent = "Copy";
    }, SHOWN_MS);
  });
}

async function isCopied(element: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(element.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(element);
    return false;
  }
}
