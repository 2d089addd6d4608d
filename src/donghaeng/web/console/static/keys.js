// Single letters as keys. They can be switched off, and mean nothing while somebody writes.

const KEY = "donghaeng.desk.keys";
const at = (id) => document.getElementById(id);

// Moves among the rows that a selector finds, from the one that has the keyboard.
export function step(selector, by) {
  const rows = [...document.querySelectorAll(selector)];
  if (!rows.length) return;
  const now = rows.indexOf(document.activeElement);
  const next = now < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, now + by));
  rows[next].focus();
}

// `actions` are by letter; `first` takes an event before them and says whether it was its own.
export function singleKeys(actions, first = () => false) {
  const dialog = at("keys");
  const single = at("single-keys");
  const show = () => dialog.showModal();
  single.checked = localStorage.getItem(KEY) !== "off";
  single.addEventListener("change", () => localStorage.setItem(KEY, single.checked ? "on" : "off"));
  at("help").addEventListener("click", show);

  document.addEventListener("keydown", (event) => {
    if (dialog.open || event.isComposing || first(event)) return;
    if (event.key === "Escape" && event.target.matches("input, select, textarea")) {
      event.target.blur();
      return;
    }
    const writing = event.target.matches("input:not([type=checkbox]), select, textarea");
    if (writing || event.ctrlKey || event.altKey || event.metaKey) return;
    // Under the Korean layout the same keys give letters of Hangul.
    const letter = /^Key[A-Z]$/.test(event.code) ? event.code.at(-1).toLowerCase() : "";
    const action = event.key === "?" ? show : single.checked && actions[letter];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
