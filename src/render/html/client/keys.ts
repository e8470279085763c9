/** `/` leads to the search; Escape clears all filters. */
export function listenToKeys(): void {
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
