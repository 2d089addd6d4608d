// The counsellors' page: htmx changes it, this module adds what a page cannot say in HTML: keys, the sound and
// the badge of a new conversation, waiting times that go on, and words put into the reply.

import { News } from "./desk-news.js";
import { shortcuts } from "./desk-keys.js";
import { Call } from "./desk-voice.js";

const TICK_MS = 5000;
const at = (id) => document.getElementById(id);

const news = new News({ button: at("sound"), said: at("news"), queue: () => at("queue") });
const call = new Call({ button: () => at("voice"), said: () => at("voice-state") });
shortcuts(call);

function open(handover) {
  window.htmx.ajax("GET", `/console/desk/${encodeURIComponent(handover)}`, { target: "#case", swap: "outerHTML" });
}

at("lists").addEventListener("click", (event) => {
  const row = event.target.closest("[data-handover]");
  if (row) open(row.dataset.handover);
});

// The words go into the reply; what they were taken from is noted with it.
function write(text, suggestion = "") {
  const reply = at("reply");
  if (!reply) return;
  reply.elements.text.value = text;
  reply.elements.suggestion.value = suggestion;
  reply.elements.verdict.value = suggestion ? "edited" : "";
  reply.elements.text.focus();
}

document.addEventListener("click", (event) => {
  const canned = event.target.closest("[data-canned]");
  if (canned) write(canned.dataset.canned);
  const edited = event.target.closest("[data-edit]")?.closest("[data-suggestion]");
  if (edited) write(edited.querySelector(".text").textContent, edited.dataset.suggestion);
  if (event.target.closest("#voice")) void call.toggle();
});

function written(seconds) {
  if (seconds < 60) return `${seconds}초`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}분`;
  return minutes % 60 ? `${Math.floor(minutes / 60)}시간 ${minutes % 60}분` : `${minutes / 60}시간`;
}

// Lists come with the seconds waited until then; this machine's clock, which may be wrong, only counts on.
let listed = performance.now();
function tick() {
  const more = (performance.now() - listed) / 1000;
  for (const time of document.querySelectorAll("time[data-waited]")) {
    const words = written(Math.floor(Number(time.dataset.waited) + more));
    if (time.textContent !== words) time.textContent = words;
  }
}
setInterval(tick, TICK_MS);

// An open conversation is left to itself by the lists, but what is chosen in them is marked again.
function mark() {
  const chosen = at("case")?.dataset.handover;
  for (const row of document.querySelectorAll("#lists .row")) {
    if (row.dataset.handover === chosen) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

function toTheEnd() {
  const lines = at("lines");
  if (lines) lines.scrollTop = lines.scrollHeight;
}

document.addEventListener("htmx:sseMessage", (event) => {
  if (event.detail.type === "queue") {
    listed = performance.now();
    mark();
    news.look();
  }
  if (event.detail.type === "line") toTheEnd();
});
document.addEventListener("htmx:afterSwap", (event) => {
  // What an event stream brings names no target.
  const swapped = event.detail.target?.id;
  if (swapped === "case") {
    call.end();
    mark();
    toTheEnd();
    (at("words") ?? at("case")).focus();
  }
  if (swapped === "reply") at("words").focus();
});
document.addEventListener("htmx:sseOpen", (event) => {
  event.detail.source.addEventListener("over", () => location.reload());
});
mark();
news.look();
