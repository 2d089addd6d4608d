// The citizen page: one conversation, by voice where possible, by text always.

import * as api from "./api.js";
import { BrowserVoice } from "./browser_voice.js";
import { takeCallsOver } from "./call.js";
import { Live } from "./live.js";
import { Microphone } from "./microphone.js";
import { Person } from "./person.js";
import { Preferences } from "./preferences.js";
import { View } from "./view.js";
import { COMMANDS, LABELS, MICROPHONE_PROBLEMS, NOTICES, PLACE } from "./words.js";

// What the server says of these is for the citizen; of others, for developers.
const SAID_ERRORS = new Set(["turn_failed", "no_voice", "no_speech", "too_many_turns", "invalid"]);
const TALK_KEY = "donghaeng.conversation";

const parameters = new URLSearchParams(location.search);
const kiosk = document.documentElement.dataset.channel === "kiosk";
const at = (id) => document.getElementById(id);

class Page {
  constructor() {
    this.view = new View({ kiosk });
    this.preferences = new Preferences({ kiosk });
    this.loudspeaker = new BrowserVoice({
      onPlayed: (seq) => this.live?.played(seq),
      onSilent: () => this.show(),
    });
    this.microphone = new Microphone({
      onFrame: (frame) => this.live?.sound(frame),
      onLevel: (loudness) => this.view.level(loudness),
      onLost: () => this.show(),
    });
    this.live = null;
    this.place = kiosk ? kioskPlace() : null;
    this.district = kiosk ? (parameters.get("district") ?? "") : this.preferences.district;
    this.turns = Promise.resolve();
    this.talk = readTalk();
    this.person = new Person({ kiosk, visit: this.talk?.person });
    this.last = null;
    this.phase = this.talk ? "resumable" : "idle";
    this.show();
  }

  // Sound from the loudspeaker outweighs what the server last said it was doing.
  show() {
    // How much has been heard so far, for whoever watches the page from outside.
    document.documentElement.dataset.playedSeconds = this.loudspeaker.playedSeconds.toFixed(1);
    let state = this.phase;
    if (this.loudspeaker.speaking && state !== "reconnecting") state = "speaking";
    else if (state === "listening" && !this.microphone.on) state = "muted";
    this.view.state(state);
    at("mute").hidden = !(this.live && this.microphone.on);
    at("again").disabled = this.last === null;
    at("slower").disabled = this.last === null || this.talk === null;
  }

  become(phase) {
    this.phase = phase;
    this.show();
  }

  // The one big button

  async pressed() {
    if (this.loudspeaker.speaking) {
      this.loudspeaker.hush();
      this.show();
    } else if (this.live && this.microphone.on) {
      if (this.phase === "listening" || this.phase === "hearing") this.live.commit();
    } else if (this.phase !== "connecting") {
      await this.begin();
    }
  }

  async begin() {
    this.view.notice(null);
    if (!this.live) this.become("connecting");
    const sound = this.loudspeaker.unlock();
    try {
      await this.microphone.open();
    } catch (problem) {
      this.withoutMicrophone(MICROPHONE_PROBLEMS[problem.kind] ?? MICROPHONE_PROBLEMS.absent);
      return;
    }
    if (!(await sound)) this.view.notice(NOTICES.silent);
    if (this.live) this.show();
    else this.connect();
  }

  withoutMicrophone(words) {
    this.become("idle");
    this.view.notice(words);
    this.openPanel("write", "text-panel", true);
  }

  // Live voice

  connect() {
    const speaker = this.loudspeaker;
    this.live = new Live({
      opening: () => this.opening(),
      on: {
        ready: (message) => {
          speaker.rate = message.sample_rate;
          this.keepTalk(message);
          this.become("listening");
        },
        listening: () => this.become("listening"),
        speech_start: () => this.become("hearing"),
        speech_end: () => this.become("thinking"),
        heard: ({ text, final }) => text && (final ? this.view.heard(text) : this.view.partial(text)),
        reply: (message) => this.replied(message),
        queued: (message) => this.waiting(message),
        audio_start: (message) => {
          if (message.sample_rate) speaker.rate = message.sample_rate;
          speaker.begin(message);
          this.show();
        },
        audio_end: ({ seq }) => speaker.finish(seq),
        hold: () => speaker.hold(),
        go_on: () => speaker.goOn(),
        interrupted: () => {
          speaker.stop();
          this.show();
        },
        error: ({ code, title }) => SAID_ERRORS.has(code) && this.view.notice(title),
        sound: (pcm, seq) => {
          speaker.push(pcm, seq);
          this.show();
        },
        lost: () => {
          speaker.stop();
          this.become("reconnecting");
        },
        back: () => this.view.notice(null),
        over: (reason) => this.liveOver(reason),
      },
    });
    this.live.connect();
  }

  // Every place is taken: what the queue says, and the buttons that answer it.
  waiting({ show }) {
    this.queue = show;
    this.become("queued");
    this.view.queued(show);
  }

  opening() {
    const opening = { channel: kiosk ? "kiosk" : "web" };
    if (this.place) opening.location = this.place;
    if (this.district) opening.home_district = this.district;
    if (this.talk) opening.resume = this.talk.token;
    else if (this.person.key) opening.person = this.person.key;
    return opening;
  }

  // What was said last is still played to its end; only then does the button change.
  liveOver(reason) {
    this.live = null;
    if (reason === "unknown_conversation" && this.talk) {
      this.forgetTalk();
      this.view.notice(NOTICES.gone);
      this.connect();
      return;
    }
    void this.microphone.close();
    if (reason === "ended") {
      this.over();
    } else if (reason === "callback") {
      this.become("idle");
    } else if (reason === "idle") {
      this.become("resumable");
      this.view.notice(NOTICES.asleep);
    } else {
      this.withoutMicrophone(reason === "busy" ? NOTICES.full : NOTICES.lost);
    }
  }

  over() {
    this.forgetTalk();
    this.become("ended");
  }

  // Replies, from either way

  replied(reply) {
    this.keepTalk(reply);
    this.learn(reply);
    this.last = reply;
    this.view.reply(reply);
    if (reply.ended && !this.live) this.over();
    this.show();
  }

  // Whether words are for the queue: one of its buttons, or the number that it asks for. Any other question is
  // written, which needs no place.
  answersQueue(words) {
    const { choices } = this.queue;
    return choices.includes(words) || choices.length === 0;
  }

  // Says `words` for the citizen: typed, or a button that speaks.
  say(words) {
    this.view.notice(null);
    this.loudspeaker.hush();
    if (this.phase === "queued" && this.answersQueue(words) && this.live?.text(words)) return this.turns;
    if (this.live?.ready && this.live.text(words)) {
      this.become("thinking");
      return this.turns;
    }
    const before = this.phase;
    this.become("thinking");
    const taken = this.turns.then(() => this.sayByHttp(words));
    this.turns = taken.catch(() => {}).then(() => this.phase === "thinking" && this.become(this.live ? before : "idle"));
    return taken;
  }

  async sayByHttp(words) {
    const resumed = this.talk !== null;
    try {
      if (!resumed) {
        const greeting = await api.open(this.openingByHttp());
        this.keepTalk(greeting);
        this.learn(greeting);
      }
      this.replied(await api.turn(this.talk.conversation, this.talk.token, words));
    } catch (error) {
      if (resumed && error.gone) {
        this.forgetTalk();
        this.view.notice(NOTICES.gone);
        await this.sayByHttp(words);
      } else if (error instanceof api.ApiProblem) this.view.notice(error.message);
      else if (error instanceof api.Unreachable) this.view.notice(NOTICES.offline);
      else throw error;
    }
  }

  openingByHttp() {
    const opening = this.opening();
    delete opening.resume;
    return opening;
  }

  // The conversation outlives a reload of the page, not the closing of its tab, and on a kiosk nothing.

  keepTalk({ conversation, token }) {
    this.talk = { conversation, token, person: this.person.key };
    if (kiosk) return;
    try {
      sessionStorage.setItem(TALK_KEY, JSON.stringify(this.talk));
    } catch {
      // Without storage the conversation lasts as long as the page.
    }
  }

  forgetTalk() {
    this.talk = null;
    this.person.leave();
    try {
      sessionStorage.removeItem(TALK_KEY);
    } catch {
      // Nothing was stored.
    }
  }

  // Whoever is forgotten is forgotten by this page too, the district that was chosen here included.
  learn({ remembered }) {
    if (this.person.learn(remembered)) {
      this.district = "";
      this.preferences.chooseDistrict("");
    }
    this.showPreferences();
  }

  async forget() {
    await this.say(COMMANDS.forget);
    at("place").focus();
  }

  // Tools

  again() {
    if (!this.loudspeaker.canRepeat) this.view.notice(NOTICES.nothingToRepeat);
    else this.loudspeaker.again();
    this.show();
  }

  louder() {
    this.view.say(this.preferences.nextVolume());
    at("louder").textContent = this.preferences.loudest ? LABELS.normalSound : LABELS.louder;
    this.loudspeaker.setVolume(this.preferences.volumeDb);
  }

  larger() {
    this.view.say(this.preferences.nextZoom());
    this.showPreferences();
  }

  contrast() {
    this.preferences.toggleContrast();
    this.showPreferences();
  }

  showPreferences() {
    at("larger").textContent = this.preferences.largest ? LABELS.normalType : LABELS.larger;
    at("contrast").setAttribute("aria-pressed", String(this.preferences.contrast === "high"));
    at("louder").textContent = this.preferences.loudest ? LABELS.normalSound : LABELS.louder;
    at("district").value = this.district;
    at("remembered").hidden = !this.person.kept;
  }

  openPanel(button, panel, open) {
    at(panel).hidden = !open;
    at(button).setAttribute("aria-expanded", String(open));
    if (open) at(panel).querySelector("input, button").focus();
  }

  toggle(button, panel) {
    this.openPanel(button, panel, at(panel).hidden);
  }

  // Place

  locate() {
    const told = (words) => {
      at("located").textContent = words;
    };
    if (!navigator.geolocation) {
      told(PLACE.denied);
      return;
    }
    told(PLACE.searching);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.place = { lat: coords.latitude, lon: coords.longitude };
        told(this.talk ? PLACE.nextTime : PLACE.found);
      },
      () => told(PLACE.denied),
      { timeout: 15000, maximumAge: 300000 },
    );
  }

  chooseDistrict(name) {
    this.district = name;
    if (!kiosk) this.preferences.chooseDistrict(name);
    at("located").textContent = this.talk ? PLACE.nextTime : name ? PLACE.district(name) : "";
  }

  // Another conversation takes the place of this page's own, with all that was said and asked in it.
  takeOver(reply) {
    this.live?.close();
    this.live = null;
    void this.microphone.close();
    this.loudspeaker.forget();
    this.forgetTalk();
    this.view.clear();
    this.replied(reply);
    this.become(reply.ended ? "ended" : "resumable");
    at("microphone").focus();
  }

  // Back to the start; asks first where something would be left half done.

  home() {
    const open = this.last && !this.last.ended && (this.last.asks || this.last.expects !== "open");
    if (open && typeof at("leave").showModal === "function") at("leave").showModal();
    else this.restart();
  }

  restart() {
    const talk = this.talk;
    this.live?.close();
    this.live = null;
    void this.microphone.close();
    this.loudspeaker.forget();
    this.forgetTalk();
    this.last = null;
    if (talk) api.end(talk.conversation, talk.token).catch(() => this.view.notice(null));
    this.preferences.reset();
    this.view.clear();
    for (const [button, panel] of [["write", "text-panel"], ["place", "place-panel"], ["call", "call-panel"]]) {
      this.openPanel(button, panel, false);
    }
    this.showPreferences();
    this.become("idle");
    at("microphone").focus();
  }
}

function kioskPlace() {
  const [lat, lon] = ["lat", "lon"].map((name) => Number.parseFloat(parameters.get(name)));
  return Number.isFinite(lat) && Number.isFinite(lon) ? { lat, lon } : null;
}

function readTalk() {
  if (kiosk) return null;
  try {
    const kept = JSON.parse(sessionStorage.getItem(TALK_KEY) ?? "null");
    return kept?.conversation && kept?.token ? kept : null;
  } catch {
    return null;
  }
}

const page = new Page();
takeCallsOver(page);
const onClick = (id, action) => at(id).addEventListener("click", () => void action());

onClick("microphone", () => page.pressed());
// A held Enter would press again and again; Space presses when it is let go.
at("microphone").addEventListener("keydown", (event) => event.repeat && event.preventDefault());
onClick("counsellor", () => page.say(COMMANDS.counsellor));
onClick("mute", async () => {
  await page.microphone.close();
  page.show();
  at("microphone").focus();
});
onClick("again", () => page.again());
onClick("slower", () => page.say(COMMANDS.slower));
onClick("louder", () => page.louder());
onClick("larger", () => page.larger());
onClick("contrast", () => page.contrast());
onClick("write", () => page.toggle("write", "text-panel"));
onClick("place", () => page.toggle("place", "place-panel"));
onClick("home", () => page.home());
onClick("locate", () => page.locate());
onClick("forget", () => page.forget());
onClick("leave-no", () => at("leave").close());
onClick("leave-yes", () => {
  at("leave").close();
  page.restart();
});
at("district").addEventListener("change", ({ target }) => page.chooseDistrict(target.value));
at("text-panel").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = at("text").value.trim();
  if (!words) return;
  at("text").value = "";
  void page.say(words);
});
document.addEventListener("click", ({ target }) => {
  const said = target.closest?.("[data-say]")?.dataset.say;
  if (said) void page.say(said);
});
page.showPreferences();
document.documentElement.dataset.ready = "true";
