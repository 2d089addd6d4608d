// The reviewers' page: htmx changes it, this module adds keys and marks what is chosen.

const KEY = "donghaeng.desk.keys";
const at = (id) => document.getElementById(id);

const dialog = at("keys");
const single = at("single-keys");
single.checked = localStorage.getItem(KEY) !== "off";
single.addEventListener("change", () => localStorage.setItem(KEY, single.checked ? "on" : "off"));
at("help").addEventListener("click", () => dialog.showModal());

function step(by) {
  const rows = [...document.querySelectorAll("#lists .row, #case .row")];
  if (!rows.length) return;
  const now = rows.indexOf(document.activeElement);
  const next = now < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, now + by));
  rows[next].focus();
}

const actions = {
  "?": () => dialog.showModal(),
  j: () => step(1),
  k: () => step(-1),
  p: () => at("open-proposals").click(),
  l: () => at("open-history").click(),
  e: () => at("change-kind")?.focus(),
  m: () => at("measure")?.click(),
  x: () => at("dismiss")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (dialog.open || event.isComposing) return;
  if (event.key === "Escape" && event.target.matches("input, select, textarea")) {
    event.target.blur();
    return;
  }
  const writing = event.target.matches("input:not([type=checkbox]), select, textarea");
  if (writing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key !== "?" && !single.checked) return;
  // Under the Korean layout the same keys give letters of Hangul.
  const letter = event.key === "?" ? "?" : /^Key[A-Z]$/.test(event.code) ? event.code.at(-1).toLowerCase() : "";
  if (!actions[letter]) return;
  event.preventDefault();
  actions[letter]();
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
