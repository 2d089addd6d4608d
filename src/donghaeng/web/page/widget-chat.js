// The chat of another page's frame: one conversation, by text, that outlives a change of page.

import * as api from "./api.js";
import { drawCard, element } from "./cards.js";
import { CHAT, HANDOVER, LABELS, NOTICES } from "./words.js";
import { Talk } from "./talk.js";
import { Counsellor } from "./widget-person.js";

const MOST_SHOWN = 50;

const at = (id) => document.getElementById(id);

export class Chat {
  // `onNews()`: a counsellor said something.
  constructor({ onNews }) {
    this.counsellor = new Counsellor({
      onSaid: (reply) => {
        this.answered(reply);
        onNews();
      },
    });
    this.talk = new Talk({ kiosk: false, key: "donghaeng.widget" });
    this.last = this.talk.now?.reply ?? null;
    this.busy = false;
    this.unsent = null;
    // Answers that come after "처음부터" belong to another conversation.
    this.visit = Symbol("visit");
  }

  // Shows what was said before the page changed.
  async begin() {
    const { now } = this.talk;
    if (!now) return;
    await this.guarded(async () => {
      const { turns } = await api.transcript(now.conversation, now.token);
      // The first is the greeting, which stands above all.
      for (const { turn, heard, show } of turns.slice(1).slice(-MOST_SHOWN)) {
        if (heard) this.mine(heard);
        if (turn === this.last?.turn) this.answered(this.last);
        else if (show) this.entry(LABELS.agent, show);
      }
      // What a counsellor said stands in no turn: it is asked for from its beginning.
      if (this.last) this.counsellor.follow(this.last);
    });
  }

  // Says `words` for the citizen: typed, or a button that speaks. True where they were taken.
  async say(words) {
    if (this.busy) {
      this.state(CHAT.busy);
      return false;
    }
    const { visit } = this;
    this.become(true);
    this.notice(null);
    if (this.unsent?.words !== words) this.unsent = { words, key: api.freshKey() };
    const shown = this.mine(words);
    const taken = await this.guarded(() => this.turn(words, visit));
    if (visit !== this.visit) return true;
    this.become(false);
    if (taken) this.unsent = null;
    else shown.remove();
    return taken;
  }

  async turn(words, visit) {
    const resumed = this.talk.now !== null;
    const { key } = this.unsent;
    if (!resumed) {
      const greeting = await api.open({ channel: "chat" });
      if (visit !== this.visit) {
        await api.end(greeting.conversation, greeting.token);
        return;
      }
      this.keep(greeting);
    }
    const { conversation, token } = this.talk.now;
    try {
      const reply = await api.turn(conversation, token, words, key);
      if (visit === this.visit) this.answered(reply);
    } catch (error) {
      if (!resumed || !error.gone || visit !== this.visit) throw error;
      this.forget();
      this.notice(NOTICES.gone);
      await this.turn(words, visit);
    }
  }

  // Whether `work` was done; what kept it from being done is told.
  async guarded(work) {
    const { visit } = this;
    try {
      await work();
      return true;
    } catch (error) {
      if (visit !== this.visit) return false;
      if (error.gone) {
        this.forget();
        this.notice(NOTICES.gone);
      } else if (error instanceof api.ApiProblem) this.notice(error.message);
      else if (error instanceof api.Unreachable) this.notice(CHAT.offline);
      else throw error;
      return false;
    }
  }

  answered(reply) {
    this.keep(reply);
    this.counsellor.follow(reply);
    this.past();
    // A counsellor has the words; what answers them comes by itself.
    if (!reply.show.text) {
      this.state(CHAT.passedOn);
      return;
    }
    const nodes = drawCard(reply, { kiosk: false });
    const waits = reply.handover && HANDOVER[reply.handover.state](reply.handover.position);
    this.entry(
      reply.handover?.state === "joined" ? CHAT.counsellor : LABELS.agent,
      reply.show.text,
      waits && element("p", { class: "handover", "data-testid": "handover", text: waits }),
      nodes.length ? element("div", { class: "card", "data-testid": "card" }, ...nodes) : null,
    );
    if (!reply.ended) return;
    this.forget();
    this.state(CHAT.ended);
  }

  keep(reply) {
    this.last = reply;
    this.talk.keep(reply, undefined, reply);
  }

  forget() {
    this.counsellor.stop();
    this.talk.forget();
    this.last = null;
    this.past();
  }

  // The answers of an earlier question can no longer be tapped.
  past() {
    const had = at("entries").contains(document.activeElement) && document.activeElement.closest(".choices");
    for (const choices of at("entries").querySelectorAll(".choices")) choices.remove();
    for (const card of at("entries").querySelectorAll(".card:empty")) card.remove();
    this.refocus = Boolean(had);
  }

  mine(words) {
    return this.entry(LABELS.me, words);
  }

  entry(who, words, ...more) {
    const mine = who === LABELS.me;
    const made = element(
      "div",
      { class: mine ? "entry mine" : "entry", tabIndex: -1, "data-testid": mine ? "mine" : "answer" },
      element("p", { class: "who", text: who }),
      element("p", { text: words }),
      ...more,
    );
    at("entries").append(made);
    while (at("entries").children.length > 2 * MOST_SHOWN) at("entries").firstChild.remove();
    if (this.refocus && !mine) {
      made.focus({ preventScroll: true });
      this.refocus = false;
    }
    made.scrollIntoView({ block: mine ? "end" : "start" });
    return made;
  }

  become(busy) {
    this.busy = busy;
    at("send").setAttribute("aria-disabled", String(busy));
    if (busy) this.state(CHAT.thinking);
    else if (at("state").textContent === CHAT.thinking) this.state("");
  }

  // For screen readers alone: one short sentence.
  state(words) {
    at("state").textContent = words;
  }

  notice(words) {
    at("notice").textContent = words ?? "";
    at("notice").hidden = !words;
  }

  get open() {
    return Boolean(this.last && !this.last.ended && (this.last.asks || this.last.expects !== "open"));
  }

  // Nothing of the conversation stays: neither here nor open at the server.
  restart() {
    const { now } = this.talk;
    this.visit = Symbol("visit");
    this.unsent = null;
    this.forget();
    this.become(false);
    this.notice(null);
    this.state("");
    at("entries").replaceChildren();
    if (now) api.end(now.conversation, now.token).catch(() => {});
    at("text").value = "";
    at("text").focus();
  }
}
