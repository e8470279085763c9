const key = "pull-through-auditor-theme";

/** Shows the page in the theme that was chosen last; without one the browser decides. */
export function applyTheme(): void {
  const chosen = loadTheme();
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset["theme"] = chosen;
}

/** Lets the button change to the other theme. */
export function offerThemes(): void {
  const button = document.querySelector("#theme");
  if (button === null) return;
  const show = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", isDark() ? "Light theme" : "Dark theme");
  };
  button.addEventListener("click", () => {
    const other = isDark() ? "light" : "dark";
    document.documentElement.dataset["theme"] = other;
    storeTheme(other);
    show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
}

function isDark(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  return chosen === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : chosen === "dark";
}

/** A page from a file may have no storage: the choice then lasts as long as the page. */
function loadTheme(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function storeTheme(theme: string): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // See recall.
  }
}
