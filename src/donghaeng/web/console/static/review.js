// The reviewers' page: htmx changes it, this module adds keys and marks what is chosen.

import { singleKeys, step } from "./keys.js";

const ROWS = "#lists .row, #case .row";
const at = (id) => document.getElementById(id);

singleKeys({
  j: () => step(ROWS, 1),
  k: () => step(ROWS, -1),
  p: () => at("open-proposals").click(),
  l: () => at("open-history").click(),
  e: () => at("change-kind")?.focus(),
  m: () => at("measure")?.click(),
  x: () => at("dismiss")?.click(),
});

// The fields depend on what is to be added.
document.addEventListener("change", (event) => {
  if (event.target.id !== "change-kind") return;
  const address = `${event.target.dataset.form}?change=${encodeURIComponent(event.target.value)}`;
  window.htmx.ajax("GET", address, { target: "#fields", swap: "innerHTML" });
});

function mark() {
  const chosen = at("case")?.dataset.item;
  for (const row of document.querySelectorAll("#lists .row")) {
    if (row.dataset.item === chosen) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

let shown = at("case")?.dataset.proposal;
document.addEventListener("htmx:afterSwap", (event) => {
  mark();
  if (event.detail.target?.id !== "case") return;
  // A page that looks again while something is measured leaves the place of the keyboard alone.
  const now = at("case").dataset.proposal;
  if (now === undefined || now !== shown) at("case").focus();
  shown = now;
});
mark();
