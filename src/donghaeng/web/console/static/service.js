// The service owners' page: rows by keys, undo, a warning before what is unsaved is lost, and trial talks by voice.

import { PushToTalk } from "/console/static/push-to-talk.js";

const at = (id) => document.getElementById(id);
const service = document.querySelector("[data-service]").dataset.service;
const base = `/console/services/${encodeURIComponent(service)}`;
const MOST_UNDO = 50;
const undone = [];
let dirty = false;
let last = sent();

// The form as it would be sent.
function sent() {
  return new URLSearchParams(new FormData(at("edit"))).toString();
}

function mark() {
  at("undo")?.toggleAttribute("disabled", undone.length === 0);
  at("unsaved").textContent = dirty ? "저장하지 않은 것이 있어요." : "";
}

function keep(before) {
  undone.push(before);
  if (undone.length > MOST_UNDO) undone.shift();
}

function draw(values) {
  window.htmx.ajax("POST", `${base}/form`, { target: "#edit", swap: "outerHTML", values });
}

// The form's fields with one more; htmx takes them as they are.
function fields(name, value, entries = new FormData(at("edit"))) {
  const form = new FormData();
  for (const [key, held] of entries) form.append(key, held);
  form.set(name, value);
  return form;
}

function change(doing) {
  keep(sent());
  dirty = true;
  draw(fields("do", doing));
}

function undo() {
  const before = undone.pop();
  if (before === undefined) return;
  dirty = true;
  draw(fields("do", "", new URLSearchParams(before)));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.do) change(button.dataset.do);
  else if (button.id === "undo") undo();
  else if (button.dataset.modeTo) draw(fields("to", button.dataset.modeTo));
});

document.addEventListener("change", (event) => {
  if (!event.target.closest("#edit")) return;
  keep(last);
  last = sent();
  mark();
});
document.addEventListener("input", (event) => {
  if (!event.target.closest("#edit") || dirty) return;
  dirty = true;
  mark();
});

document.addEventListener("htmx:confirm", (event) => {
  const words = event.target.dataset?.confirm;
  if (!words || window.confirm(words)) return;
  event.preventDefault();
});

addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    document.querySelector("[data-testid=save]")?.click();
  } else if (event.altKey && event.code === "KeyZ") {
    event.preventDefault();
    undo();
  }
});

// Not before all is in its place: until then htmx keeps the old attributes on elements of the same id.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "trial") void speak();
  if (event.detail.target?.id !== "edit") return;
  const form = at("edit");
  if (form.hasAttribute("data-saved")) {
    dirty = false;
    undone.length = 0;
  }
  last = sent();
  mark();
  const { focus } = form.dataset;
  if (!focus) return;
  const name = focus.includes(":") ? null : focus;
  const wanted = name ? form.elements.namedItem(`s.${name}`) : at(`do-${focus.replace(":", "-").replaceAll(".", "-")}`);
  wanted?.closest("details")?.setAttribute("open", "");
  (wanted?.disabled ? wanted.nextElementSibling : wanted)?.focus();
});

// What was heard goes into the field and is said.
let player = null;

function tell(words) {
  const line = at("trial-said");
  if (line) line.textContent = words;
}

new PushToTalk({ buttons: "#trial-mic", tell, begins: () => player?.pause(), said: heard });

async function heard(wav) {
  const answer = await fetch(`${base}/hear`, {
    method: "POST",
    headers: { ...token(), "Content-Type": "audio/wav", "X-Hints": encodeURIComponent(at("trial-hints").value) },
    body: wav,
  }).catch(() => null);
  if (!answer?.ok) {
    tell("알아듣지 못했어요. 글로 적어 주세요.");
    return;
  }
  const { text } = await answer.json();
  if (!text) {
    tell("말소리가 들리지 않았어요.");
    return;
  }
  at("trial-words").value = text;
  at("trial-words").form.requestSubmit();
}

async function speak() {
  at("trial-log")?.scrollTo(0, at("trial-log").scrollHeight);
  const say = at("trial-say")?.dataset.say;
  at("trial-words")?.focus();
  if (!say || !at("trial-aloud")?.checked) return;
  const body = new URLSearchParams({ say });
  const answer = await fetch(`${base}/speak`, { method: "POST", headers: token(), body }).catch(() => null);
  if (answer?.status !== 200) return;
  player?.pause();
  player = new Audio(URL.createObjectURL(await answer.blob()));
  player.onended = () => URL.revokeObjectURL(player.src);
  document.documentElement.dataset.spoke = say;
  await player.play().catch(() => {});
}

function token() {
  return JSON.parse(document.body.getAttribute("hx-headers"));
}
