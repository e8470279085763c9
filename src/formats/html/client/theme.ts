const key = "pull-through-auditor-theme";

/** Applies the theme that was chosen last; otherwise the browser's preference applies. */
export function applyTheme(): void {
  const chosen = loadTheme();
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset["theme"] = chosen;
}

/** Makes the button switch to the other theme. */
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

/** Storage may be unavailable for a page opened from a file. The choice then lasts until the page is closed. */
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
    // See loadTheme.
  }
}
