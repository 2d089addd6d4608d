// Pages of drafts: the focus after a step, a place of the text shown, a colleague's words taken over, what is unsaved.

const at = (id) => document.getElementById(id);

// A place counts characters; the box counts UTF-16 units.
function units(text, characters) {
  return Array.from(text).slice(0, characters).join("").length;
}

document.addEventListener("click", (event) => {
  const place = event.target.closest("button.place");
  if (place) {
    const box = at("text");
    box.focus();
    box.setSelectionRange(units(box.value, Number(place.dataset.start)), units(box.value, Number(place.dataset.end)));
  }
  const put = event.target.closest("button[data-put]");
  if (put) {
    const into = at(put.dataset.into);
    into.value = put.dataset.put;
    into.focus();
    into.dispatchEvent(new Event("input", { bubbles: true }));
    put.closest(".suggestion").remove();
  }
});

document.addEventListener("input", (event) => {
  if (event.target.id === "text" && at("unsaved")) at("unsaved").textContent = "저장하지 않은 것이 있어요.";
});

document.addEventListener("htmx:afterSettle", (event) => {
  const made = event.detail.elt;
  const named = made.dataset?.focusOn;
  const wanted = named ? at(named) : made.matches?.("[data-focus]") ? made : made.querySelector?.("[data-focus]");
  wanted?.focus();
  // An offer was made for the text that stood there.
  if (made.id === "work") at("offers")?.replaceChildren();
});
