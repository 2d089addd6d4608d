// The listening page: hear samples blind, side by side or one by one, rate them, see the figures.

import { freshKey } from "./api.js";
import { element } from "./cards.js";
import { makeTrials, preferred } from "./listen-trials.js";
import { Preferences } from "./preferences.js";

const WORDS = {
  __proto__: null,
  pair: "어느 소리가 더 듣기 좋으세요?",
  single: "이 소리는 얼마나 듣기 좋으세요?",
  play: ["가 듣기", "나 듣기"],
  playOne: "들어 보기",
  prefer: ["가가 나아요", "비슷해요", "나가 나아요"],
  scores: ["1점 아주 나빠요", "2점 나빠요", "3점 보통이에요", "4점 좋아요", "5점 아주 좋아요"],
  waiting: "소리를 가져오고 있어요.",
  playing: "소리가 나고 있어요.",
  heardFirst: "먼저 소리를 들어 주세요.",
  failed: "이 소리는 지금 낼 수 없어요. 건너뛰어 주세요.",
  silent: "여기서는 소리를 낼 수 없어요.",
  lost: "보내지 못했어요. 다시 눌러 주세요.",
  none: "아직 없어요",
};
const at = (id) => document.getElementById(id);
const rater = freshKey();
const player = new Audio();
let trials = [];
let index = 0;
let heard = new Set();
let failed = false;

async function call(path, body) {
  const options = body && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const response = await fetch(`/v1/listen${path}`, options);
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

function notice(words) {
  at("notice").textContent = words ?? "";
  at("notice").hidden = !words;
}

function showTrial(focus) {
  const trial = trials[index];
  player.pause();
  heard = new Set();
  failed = false;
  notice(null);
  at("trial").hidden = !trial;
  at("done").hidden = Boolean(trial) || !trials.length;
  if (!trial) return;
  at("trial-title").textContent = `${WORDS[trial.kind]} (${index + 1} / ${trials.length})`;
  at("sentence").textContent = trial.sentence.text;
  at("playing").textContent = WORDS.heardFirst;
  const names = trial.kind === "pair" ? WORDS.play : [WORDS.playOne];
  at("players").replaceChildren(...names.map((name, which) => playButton(name, trial, which)));
  at("answers").replaceChildren(...answerButtons(trial));
  if (focus) at("trial-title").focus();
}

function playButton(name, trial, which) {
  const button = element("button", { type: "button", class: "primary", text: name, "data-testid": "play" });
  button.addEventListener("click", () => void play(trial, which));
  return button;
}

async function play(trial, which) {
  at("playing").textContent = WORDS.waiting;
  player.src = `/v1/listen/samples/${trial.sentence.id}/${trial.shown[which]}`;
  try {
    await player.play();
  } catch (error) {
    if (error.name === "AbortError" || trial !== trials[index]) return;
    failed = true;
    at("playing").textContent = WORDS.failed;
    return;
  }
  if (trial !== trials[index]) return;
  // Without one of its sounds a trial cannot be answered: that stays said while the other one is heard.
  at("playing").textContent = failed ? WORDS.failed : WORDS.playing;
  heard.add(which);
  if (heard.size === trial.shown.length) {
    for (const button of at("answers").children) button.disabled = false;
  }
}

function answerButtons(trial) {
  const make = (text, send) => {
    const button = element("button", { type: "button", class: "choice", text, disabled: true, "data-testid": "rate" });
    button.addEventListener("click", () => void answer(send));
    return button;
  };
  const told = { sentence: trial.sentence.id, rater };
  if (trial.kind === "single") {
    return WORDS.scores.map((text, score) =>
      make(text, () => call("/scores", { ...told, condition: trial.condition, score: score + 1 })),
    );
  }
  return WORDS.prefer.map((text, place) => {
    const choice = [0, null, 1][place];
    return make(text, () => call("/preferences", { ...told, pair: trial.pair, preferred: preferred(trial, choice) }));
  });
}

async function answer(send) {
  try {
    await send();
  } catch {
    notice(WORDS.lost);
    return;
  }
  index += 1;
  showTrial(true);
  await showResults();
}

const rounded = (value, digits) => (value === null ? WORDS.none : value.toFixed(digits));
const between = ({ low, high }, digits) => (low === null ? "" : ` (${rounded(low, digits)} – ${rounded(high, digits)})`);
const row = (head, ...cells) =>
  element("tr", {}, element("th", { scope: "row", text: head }), ...cells.map((text) => element("td", { text })));

async function showResults() {
  const { scores, preferences } = await call("/results");
  at("scores").replaceChildren(
    ...scores.map((each) => row(each.name, rounded(each.mean, 2) + between(each, 2), String(each.n))),
  );
  at("preferences").replaceChildren(
    ...preferences.map((each) =>
      row(
        each.a,
        each.b,
        `${each.prefer_a} / ${each.same} / ${each.prefer_b}`,
        rounded(each.share_b, 2) + between(each, 2),
      ),
    ),
  );
}

async function begin() {
  const preferences = new Preferences({ kiosk: false });
  const pressed = () => at("contrast").setAttribute("aria-pressed", String(preferences.contrast === "high"));
  at("contrast").addEventListener("click", () => {
    preferences.toggleContrast();
    pressed();
  });
  pressed();
  player.addEventListener("ended", () => {
    at("playing").textContent = failed ? WORDS.failed : "";
  });
  at("skip").addEventListener("click", () => {
    index += 1;
    showTrial(true);
  });
  try {
    trials = makeTrials(await call(""), Math.random);
    showTrial(false);
    await showResults();
  } catch {
    notice(WORDS.silent);
  }
  document.documentElement.dataset.ready = "true";
}

await begin();
