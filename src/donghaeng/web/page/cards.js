// Draws the card of a reply. Text only ever goes in as text, never as markup.

import { LABELS } from "./words.js";

export function element(name, { text, ...properties } = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") made.className = value;
    else if (key.startsWith("data-") || key.startsWith("aria-")) made.setAttribute(key, value);
    else made[key] = value;
  }
  if (text !== undefined) made.textContent = String(text);
  made.append(...children.filter(Boolean));
  return made;
}

function choice(words, say, detail) {
  return element(
    "button",
    { type: "button", class: "choice", "data-say": say, "data-testid": "choice" },
    element("span", { text: words }),
    detail && element("span", { class: "detail", text: detail }),
  );
}

function phone(number, kiosk) {
  const words = LABELS.call(number);
  const dialled = String(number).replace(/[^0-9+]/g, "");
  if (kiosk || !dialled) return element("span", { class: "phone", text: words });
  return element("span", { class: "phone" }, element("a", { href: `tel:${dialled}`, text: words }));
}

// A public address that the citizen's own tap opens; any other scheme than https opens nothing.
function opener(address, name) {
  if (!URL.canParse(address) || new URL(address).protocol !== "https:") return null;
  const { href, hostname } = new URL(address);
  return element(
    "a",
    { href, target: "_blank", rel: "noopener noreferrer", class: "open", "data-testid": "open" },
    element("span", { text: LABELS.open(name ?? hostname) }),
    element("span", { class: "detail", text: LABELS.newWindow }),
  );
}

function row(entry, kiosk) {
  return element(
    "li",
    { class: "row", "data-testid": "row" },
    entry.title && element("span", { class: "title", text: entry.title }),
    entry.value && element("span", { class: "value", text: entry.value }),
    entry.detail && element("span", { class: "detail", text: entry.detail }),
    entry.url && opener(entry.url, entry.title),
    entry.phone && phone(entry.phone, kiosk),
  );
}

function source(card, citations) {
  const named = citations.map((each) => [each.title, each.source].filter(Boolean).join(", "));
  if (card?.source) named.unshift(card.source);
  const parts = [];
  if (named.length) parts.push(`${LABELS.source}: ${[...new Set(named)].join(" · ")}`);
  if (card?.as_of) parts.push(LABELS.asOf(card.as_of));
  return parts.length ? element("p", { class: "source", "data-testid": "source", text: parts.join(" · ") }) : null;
}

function confirmation() {
  return element(
    "div",
    { class: "choices confirm" },
    choice(LABELS.yes, LABELS.yes),
    choice(LABELS.no, LABELS.no),
  );
}

// The nodes that show `reply`: its card, its sources, and the answers that can be tapped.
export function drawCard(reply, { kiosk }) {
  const card = reply.show.card;
  const rows = card?.rows ?? [];
  const told = rows.filter((each) => !each.say);
  const asked = rows.filter((each) => each.say);
  const nodes = [];
  if (card?.title) nodes.push(element("h2", { text: card.title, tabIndex: -1 }));
  if (told.length) {
    nodes.push(element("ul", { class: `rows-${card.kind}` }, ...told.map((each) => row(each, kiosk))));
  }
  if (asked.length) {
    const choices = asked.map((each) => choice(each.title ?? each.say, each.say, each.detail ?? each.value));
    nodes.push(element("div", { class: "choices" }, ...choices));
  } else if (reply.expects === "confirm") {
    nodes.push(confirmation());
  }
  const footer = source(card, reply.citations ?? []);
  if (footer) nodes.push(footer);
  return nodes;
}
