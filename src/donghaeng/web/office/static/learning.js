// Learning: lessons and citizens read aloud, answers and trainees heard, questions one by one.

import { PushToTalk } from "/console/static/push-to-talk.js";

const ROOT = "/office/learning";
const at = (id) => document.getElementById(id);
let player = null;
// Counts up with every start and stop, so that what comes late is not played.
let run = 0;

function token() {
  return JSON.parse(document.body.getAttribute("hx-headers"));
}

async function sound(say) {
  const body = new URLSearchParams({ say });
  const answer = await fetch(`${ROOT}/speak`, { method: "POST", headers: token(), body }).catch(() => null);
  return answer?.status === 200 ? answer.blob() : null;
}

function hush() {
  run += 1;
  player?.pause();
  player = null;
  for (const one of document.querySelectorAll("[data-piece][aria-current]")) one.removeAttribute("aria-current");
  at("read-aloud")?.setAttribute("aria-pressed", "false");
}

async function play(blob) {
  const mine = new Audio(URL.createObjectURL(blob));
  player = mine;
  await new Promise((done) => {
    mine.onended = done;
    mine.onpause = done;
    mine.onerror = done;
    mine.play().catch(done);
  });
  URL.revokeObjectURL(mine.src);
}

async function speak(say) {
  hush();
  const own = run;
  const blob = await sound(say);
  if (!blob || own !== run) return;
  document.documentElement.dataset.spoke = say;
  await play(blob);
}

// The next paragraph is made while one is heard.
async function readAloud() {
  hush();
  const own = run;
  at("read-aloud").setAttribute("aria-pressed", "true");
  const pieces = [...document.querySelectorAll("[data-piece]")];
  let next = sound(pieces[0].textContent);
  for (const [place, piece] of pieces.entries()) {
    const blob = await next;
    if (own !== run) return;
    if (!blob) {
      at("reading").textContent = "소리를 만들지 못했어요. 글로 읽어 주세요.";
      break;
    }
    if (pieces[place + 1]) next = sound(pieces[place + 1].textContent);
    for (const one of pieces) one.toggleAttribute("aria-current", one === piece);
    document.documentElement.dataset.spoke = piece.textContent;
    await play(blob);
    if (own !== run) return;
  }
  hush();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.id === "read-aloud") {
    if (button.getAttribute("aria-pressed") === "true") hush();
    else void readAloud();
  } else if (button.dataset.say) void speak(button.dataset.say);
  else if (button.id === "one-by-one") oneByOne(button.getAttribute("aria-pressed") !== "true");
  else if (button.dataset.go) step(button.closest("fieldset"), Number(button.dataset.go));
});

// Questions one by one; what cannot be seen still belongs to the form.
function fieldsets() {
  return [...document.querySelectorAll("#intake > fieldset")];
}

function oneByOne(on) {
  at("one-by-one").setAttribute("aria-pressed", String(on));
  for (const [place, one] of fieldsets().entries()) {
    one.hidden = on && place > 0;
    one.querySelector(".steps").hidden = !on;
  }
}

function step(from, by) {
  const all = fieldsets();
  const to = all[all.indexOf(from) + by];
  if (!to) return;
  from.hidden = true;
  to.hidden = false;
  to.querySelector("input, select")?.focus();
}

// A question that the browser finds unanswered must be seen.
document.addEventListener("invalid", (event) => {
  const hidden = event.target.closest("fieldset[hidden]");
  if (!hidden) return;
  for (const one of fieldsets()) one.hidden = one !== hidden;
}, true);

function tell(words, button) {
  const line = button?.closest("fieldset, form")?.querySelector("[data-heard]");
  if (line) line.textContent = words;
}

new PushToTalk({ buttons: "[data-mic]", tell, begins: hush, said: heard });

async function heard(wav, button) {
  const question = button.dataset.mic;
  const answer = await fetch(`${ROOT}/hear`, {
    method: "POST",
    headers: { ...token(), "Content-Type": "audio/wav", "X-Question": question },
    body: wav,
  }).catch(() => null);
  if (!answer?.ok) {
    tell("알아듣지 못했어요. 글로 답해 주세요.", button);
    return;
  }
  const { text, fields } = await answer.json();
  if (!text) tell("말소리가 들리지 않았어요.", button);
  else if (question === "call") {
    at("call-words").value = text;
    at("call-words").form.requestSubmit();
  } else fill(text, fields, button);
}

// What was heard is shown, and what it fills is seen before it is sent.
function fill(text, fields, button) {
  const names = Object.keys(fields);
  const form = button.form ?? button.closest("form");
  for (const name of names) {
    const field = form.elements.namedItem(name);
    if (field) field.value = fields[name];
  }
  tell(names.length ? `"${text}" 맞으면 다음으로 가세요.` : `"${text}" 어느 답인지 몰라요. 골라 주세요.`, button);
}

// Not before all is in its place: until then htmx keeps the old attributes on elements of the same id.
document.addEventListener("htmx:afterSettle", (event) => {
  const id = event.detail.target?.id;
  if (id === "quiz") at("quiz")?.focus();
  if (id !== "call") return;
  at("call-words")?.focus();
  const say = at("call-say")?.dataset.say;
  if (say && at("call-aloud")?.checked) void speak(say);
});
