import { startFilters } from "./filters.ts";
import { rove } from "./map.ts";
import { applyTheme, offerThemes } from "./theme.ts";

const SHOWN_MS = 2_000;

/** Makes buttons copy the text before them. If the clipboard is not available, selects the text instead. */
function offerCopies(): void {
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

/** `/` focuses the search; Escape clears all filters. */
function listenToKeys(): void {
  const form = document.querySelector<HTMLFormElement>("#filters");
  const search = form?.querySelector<HTMLInputElement>("input[type=search]");
  if (form === null || search === null || search === undefined) return;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !isEditable(event.target)) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    if (event.key === "Escape") {
      event.preventDefault();
      form.reset();
    }
  });
}

function isEditable(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type === "search";
}

/**
 * Unfolds everything but single findings for printing, and folds it again afterwards: the evidence of each finding would
 * make dozens of pages of a night.
 */
function unfoldForPrint(): void {
  let folded: readonly HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    folded = Array.from(document.querySelectorAll<HTMLDetailsElement>("details:not([open], .row)"));
    for (const details of folded) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of folded) details.open = false;
  });
}

document.documentElement.classList.add("js");
applyTheme();

addEventListener("DOMContentLoaded", () => {
  offerThemes();
  startFilters();
  listenToKeys();
  offerCopies();
  rove();
  unfoldForPrint();
});
