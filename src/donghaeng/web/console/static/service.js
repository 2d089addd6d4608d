// The service owners' page: rows by keys, undo, a warning before what is unsaved is lost, and trial talks by voice.

import { Microphone, MicrophoneProblem } from "/page/microphone.js";

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

// Push to talk: what was heard goes into the field and is said.
const WORDS = {
  __proto__: null,
  denied: "마이크를 쓸 수 있게 해 주세요.",
  absent: "마이크가 없어요.",
  busy: "다른 프로그램이 마이크를 쓰고 있어요.",
  insecure: "안전한 주소(https)에서만 들을 수 있어요.",
};
const RATE = 16000;
const MOST_FRAMES = 750;
let frames = [];
let player = null;
const microphone = new Microphone({
  onFrame(pcm) {
    if (frames.length === 0) tell("듣고 있어요.");
    if (frames.length < MOST_FRAMES) frames.push(new Int16Array(pcm));
  },
  onLevel() {},
  onLost: () => tell("마이크가 빠졌어요."),
});

function tell(words) {
  const line = at("trial-said");
  if (line) line.textContent = words;
}

// Whoever lets go before the microphone is there is not listened to.
let wanted = false;

async function listen() {
  wanted = true;
  if (microphone.on) return;
  player?.pause();
  frames = [];
  try {
    await microphone.open();
  } catch (problem) {
    if (!(problem instanceof MicrophoneProblem)) throw problem;
    tell(WORDS[problem.kind]);
    return;
  }
  if (!wanted) {
    await microphone.close();
    return;
  }
  at("trial-mic")?.setAttribute("aria-pressed", "true");
}

async function heard() {
  wanted = false;
  if (!microphone.on) return;
  await microphone.close();
  at("trial-mic")?.setAttribute("aria-pressed", "false");
  if (!frames.length) return;
  tell("알아듣고 있어요.");
  const answer = await fetch(`${base}/hear`, {
    method: "POST",
    headers: { ...token(), "Content-Type": "audio/wav", "X-Hints": encodeURIComponent(at("trial-hints").value) },
    body: wav(),
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

function wav() {
  const count = frames.reduce((sum, one) => sum + one.length, 0);
  const view = new DataView(new ArrayBuffer(44 + count * 2));
  const text = (offset, letters) => [...letters].forEach((one, i) => view.setUint8(offset + i, one.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + count * 2, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, count * 2, true);
  let offset = 44;
  for (const frame of frames) {
    for (const sample of frame) {
      view.setInt16(offset, sample, true);
      offset += 2;
    }
  }
  return view;
}

// A press of the mouse, or of the space bar while the button has the keyboard; a screen reader's click toggles.
let pressed = false;
document.addEventListener("pointerdown", (event) => {
  if (event.target.id === "trial-mic") {
    pressed = true;
    void listen();
  }
});
addEventListener("pointerup", () => {
  if (pressed) setTimeout(() => (pressed = false));
  if (pressed) void heard();
});
addEventListener("keydown", (event) => {
  if (event.target.id === "trial-mic" && event.code === "Space") {
    event.preventDefault();
    if (!event.repeat) void listen();
  }
});
addEventListener("keyup", (event) => {
  if (event.target.id === "trial-mic" && event.code === "Space") {
    event.preventDefault();
    void heard();
  }
});
document.addEventListener("click", (event) => {
  if (event.target.id !== "trial-mic" || pressed) return;
  if (microphone.on) void heard();
  else void listen();
});
