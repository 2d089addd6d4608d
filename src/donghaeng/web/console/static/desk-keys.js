// Keys of the desk. Single letters can be switched off, and mean nothing while somebody writes.

const KEY = "donghaeng.desk.keys";
const at = (id) => document.getElementById(id);

export function shortcuts({ call, open }) {
  const dialog = at("keys");
  const single = at("single-keys");
  single.checked = localStorage.getItem(KEY) !== "off";
  single.addEventListener("change", () => localStorage.setItem(KEY, single.checked ? "on" : "off"));
  at("help").addEventListener("click", () => dialog.showModal());

  const reveal = (id, field) => {
    const details = at(id);
    if (!details) return;
    details.open = true;
    at(field).focus();
  };
  const step = (by) => {
    const rows = [...document.querySelectorAll("#lists .row")];
    if (!rows.length) return;
    const now = rows.indexOf(document.activeElement);
    const next = now < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, now + by));
    rows[next].focus();
  };
  const actions = {
    "?": () => dialog.showModal(),
    c: () => at("next").click(),
    j: () => step(1),
    k: () => step(-1),
    r: () => at("words")?.focus(),
    n: () => reveal("noting", "note"),
    f: () => reveal("forwarding", "to"),
    x: () => reveal("closing", "outcome"),
    h: () => at("hand-back")?.click(),
    v: () => void call.toggle(),
  };

  document.addEventListener("keydown", (event) => {
    if (dialog.open || event.isComposing) return;
    if (event.altKey && /^Digit[1-9]$/.test(event.code)) {
      const canned = document.querySelector(`[data-canned][data-key="${event.code.at(-1)}"]`);
      if (canned) event.preventDefault();
      canned?.click();
      return;
    }
    if (event.ctrlKey && event.key === "Enter" && event.target.id === "words") {
      event.preventDefault();
      at("reply").requestSubmit();
      return;
    }
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
}
