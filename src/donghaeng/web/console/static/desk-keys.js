// Keys of the desk.

import { singleKeys, step } from "./keys.js";

const ROWS = "#lists .row";
const at = (id) => document.getElementById(id);

function reveal(id, field) {
  const details = at(id);
  if (!details) return;
  details.open = true;
  at(field).focus();
}

// Keys with Alt and Ctrl, which mean something while somebody writes.
function held(event) {
  if (event.altKey && /^Digit[1-9]$/.test(event.code)) {
    const canned = document.querySelector(`[data-canned][data-key="${event.code.at(-1)}"]`);
    if (canned) event.preventDefault();
    canned?.click();
    return true;
  }
  if (event.ctrlKey && event.key === "Enter" && event.target.id === "words") {
    event.preventDefault();
    at("reply").requestSubmit();
    return true;
  }
  return false;
}

export function shortcuts(call) {
  const actions = {
    __proto__: null,
    c: () => at("next").click(),
    j: () => step(ROWS, 1),
    k: () => step(ROWS, -1),
    r: () => at("words")?.focus(),
    n: () => reveal("noting", "note"),
    f: () => reveal("forwarding", "to"),
    x: () => reveal("closing", "outcome"),
    h: () => at("hand-back")?.click(),
    v: () => void call.toggle(),
  };
  singleKeys(actions, held);
}
