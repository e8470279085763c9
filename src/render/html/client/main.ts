import { offerCopies } from "./copy.ts";
import { startFilters } from "./filters.ts";
import { listenToKeys } from "./keys.ts";
import { rove } from "./map.ts";
import { unfoldForPrint } from "./print.ts";
import { applyTheme, offerThemes } from "./theme.ts";

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
