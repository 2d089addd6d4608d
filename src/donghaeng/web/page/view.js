// What is on the screen: the state of the button, captions of both sides, cards.

import { drawCard, element } from "./cards.js";
import { HANDOVER, LABELS, STATES } from "./words.js";

const MOST_EARLIER = 50;

export class View {
  #shown = null;

  constructor({ kiosk }) {
    this.kiosk = kiosk;
    this.at = (id) => document.getElementById(id);
  }

  state(name) {
    const { label, hint, icon } = STATES[name];
    const button = this.at("microphone");
    if (button.dataset.state === name) return;
    button.dataset.state = name;
    this.at("microphone-label").textContent = label;
    this.at("microphone-hint").textContent = hint;
    this.at("microphone-icon").setAttribute("href", `#${icon}`);
    this.say(label);
  }

  // For screen readers alone: one short sentence.
  say(words) {
    this.at("state").textContent = words;
  }

  level(loudness) {
    this.at("microphone").style.setProperty("--level", loudness.toFixed(2));
  }

  get noticed() {
    return this.at("notice").textContent;
  }

  notice(words) {
    const box = this.at("notice");
    box.textContent = words ?? "";
    box.hidden = !words;
    if (words) box.scrollIntoView({ block: "nearest" });
  }

  // Words while they are still being said, in the place of the hint.
  partial(words) {
    this.at("microphone-hint").textContent = `${words} …`;
  }

  heard(words) {
    this.#begin();
    if (this.#shown?.answered) this.#putAway();
    this.at("heard").textContent = words;
    this.at("heard-box").hidden = !words;
    for (const id of ["answer-box", "card", "handover"]) this.at(id).hidden = true;
    this.at("exchange").scrollIntoView({ block: "start" });
    this.#shown = { heard: words, answered: false };
  }

  reply(reply) {
    this.#begin();
    const again = this.#shown?.turn === reply.turn && this.#shown?.conversation === reply.conversation;
    // A counsellor says several things in one turn; each has its own place.
    const more = reply.handover?.state === "joined" && this.#shown?.answer !== reply.show.text;
    if (this.#shown?.answered && (!again || more)) this.#putAway();
    const heard = reply.heard ?? "";
    const tapped = document.activeElement?.closest?.("#card, #examples");
    this.at("heard").textContent = heard;
    this.at("heard-box").hidden = !heard;
    this.at("answer-box").hidden = !reply.show.text;
    this.at("answer").textContent = reply.show.text;
    this.handover(reply.handover);
    this.at("practice").hidden = !reply.practice;
    this.helper(reply.helper);
    const nodes = drawCard(reply, { kiosk: this.kiosk });
    this.at("card").replaceChildren(...nodes);
    this.at("card").hidden = !nodes.length;
    const { conversation, turn } = reply;
    this.#shown = { heard, answer: reply.show.text, answered: true, conversation, turn };
    if (tapped) this.#refocus();
    this.at("exchange").scrollIntoView({ block: "start" });
  }

  // For somebody beside the citizen, who agreed to it.
  helper(told) {
    this.at("helper").hidden = !told;
    this.at("helper-prompt").textContent = told?.prompt ?? "";
    const says = (told?.says ?? []).map((words) => element("li", { text: `“${words}”` }));
    this.at("helper-says").replaceChildren(...says);
  }

  // What is told to a caller who waits in turn, with the answers on buttons.
  queued({ text, choices }) {
    this.#begin();
    if (this.#shown?.answered) this.#putAway();
    this.#shown = null;
    this.at("heard-box").hidden = true;
    this.at("answer-box").hidden = false;
    this.at("answer").textContent = text;
    const rows = choices.map((words) => ({ title: words, say: words }));
    const nodes = drawCard({ show: { card: { kind: "question", rows } } }, { kiosk: this.kiosk });
    this.at("card").replaceChildren(...nodes);
    this.at("card").hidden = !nodes.length;
  }

  clear() {
    this.#shown = null;
    document.documentElement.dataset.stage = "start";
    this.at("welcome").hidden = false;
    for (const id of ["exchange", "earlier", "handover", "card", "heard-box", "practice", "helper"]) this.at(id).hidden = true;
    this.at("answer-box").hidden = false;
    for (const id of ["heard", "answer", "handover", "state", "located"]) this.at(id).textContent = "";
    this.at("earlier").open = false;
    this.at("text").value = "";
    this.at("microphone").style.removeProperty("--level");
    for (const id of ["card", "earlier-list"]) this.at(id).replaceChildren();
    this.notice(null);
    window.scrollTo(0, 0);
  }

  #begin() {
    document.documentElement.dataset.stage = "talk";
    this.at("welcome").hidden = true;
    this.at("exchange").hidden = false;
  }

  #putAway() {
    const { heard, answer } = this.#shown;
    const list = this.at("earlier-list");
    list.append(
      element(
        "li",
        {},
        heard && element("p", { class: "me", text: `${LABELS.me}: ${heard}` }),
        answer && element("p", { text: `${LABELS.agent}: ${answer}` }),
      ),
    );
    while (list.children.length > MOST_EARLIER) list.firstChild.remove();
    this.at("earlier").hidden = false;
  }

  handover(handover) {
    const box = this.at("handover");
    box.textContent = handover ? HANDOVER[handover.state](handover.position) : "";
    box.hidden = !handover;
  }

  // The button that was pressed is gone: go on at the new card, else at the microphone.
  #refocus() {
    const next = this.at("card").querySelector("h2, button, a") ?? this.at("microphone");
    next.focus({ preventScroll: true });
  }
}
