// One conversation on the citizen page: by voice where possible, by text always.

import * as api from "./api.js";
import { BrowserVoice } from "./browser_voice.js";
import { Counsellor } from "./counsellor.js";
import { Live } from "./live.js";
import { Microphone } from "./microphone.js";
import { Person } from "./person.js";
import { Place } from "./place.js";
import { Preferences } from "./preferences.js";
import { SoundOutput } from "./sound-output.js";
import { SpokenNotices } from "./spoken-notices.js";
import { Talk } from "./talk.js";
import { Tools } from "./tools.js";
import { View } from "./view.js";
import { COMMANDS, LABELS, MICROPHONE_PROBLEMS, NOTICES } from "./words.js";

// What the server says of these is for the citizen; of others, for developers.
const SAID_ERRORS = new Set(["failed", "turn_failed", "no_voice", "no_speech", "too_many_turns", "invalid"]);
const MOVING = new Set(["connecting", "thinking"]);

const at = (id) => document.getElementById(id);

export class Page {
  // `onBusy(whether)`: the agent speaks, thinks or is being reached; `onActivity()`: the citizen said something;
  // `onRestart()`: the page is as it was found.
  constructor({ kiosk, onBusy, onActivity, onRestart }) {
    this.kiosk = kiosk;
    this.onBusy = onBusy;
    this.onActivity = onActivity;
    this.onRestart = onRestart;
    this.view = new View({ kiosk });
    this.preferences = new Preferences({ kiosk });
    this.place = new Place({ kiosk, preferences: this.preferences });
    this.output = new SoundOutput({ onInterrupted: (taken) => this.interrupted(taken) });
    this.output.setVolume(this.preferences.volumeDb);
    this.notices = new SpokenNotices(this.output);
    this.loudspeaker = new BrowserVoice({
      output: this.output,
      onPlayed: (seq) => this.live?.played(seq),
      onSilent: () => this.show(),
    });
    this.microphone = new Microphone({
      onFrame: (frame, loudness) => this.live?.sound(frame, this.loudspeaker.speaking ? 0 : loudness),
      onLevel: (loudness) => this.view.level(loudness),
      onLost: () => this.show(),
    });
    this.tools = new Tools(this);
    this.live = null;
    this.turns = Promise.resolve();
    this.talk = new Talk({ kiosk });
    this.counsellor = new Counsellor({
      onTold: (reply) => {
        this.onActivity();
        this.replied(reply);
      },
      onStanding: (handover) => this.view.handover(handover),
    });
    this.person = new Person({ kiosk, visit: this.talk.now?.person });
    this.last = null;
    // Answers that come after the screen was wiped belong to somebody else.
    this.visit = Symbol("visit");
    this.shown = null;
    this.phase = this.talk.now ? "resumable" : "idle";
    this.show();
    if (this.talk.now?.handover) this.counsellor.follow(this.talk.now);
  }

  // Sound from the loudspeaker outweighs what the server last said it was doing.
  show() {
    // How much has been heard so far, for whoever watches the page from outside.
    document.documentElement.dataset.playedSeconds = this.loudspeaker.playedSeconds.toFixed(1);
    let state = this.phase;
    if (this.loudspeaker.speaking && state !== "reconnecting") state = "speaking";
    else if (state === "listening" && !this.microphone.on) state = "muted";
    this.view.state(state);
    if (state === "listening" && this.shown === "speaking" && this.preferences.cue) this.output.cue("listening");
    this.shown = state;
    this.onBusy(this.loudspeaker.speaking || MOVING.has(state) || state === "reconnecting");
    at("mute").hidden = !(this.live && this.microphone.on);
    at("again").disabled = this.last === null;
    at("slower").disabled = this.last === null || this.talk.now === null;
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
    const sound = this.output.unlock();
    this.loudspeaker.unlock();
    void this.notices.prepare("lost");
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

  // A telephone call took the sound away; the next touch gives it back.
  interrupted(taken) {
    if (taken) this.view.notice(NOTICES.interrupted);
    else if (this.view.noticed === NOTICES.interrupted) this.view.notice(null);
  }

  touched() {
    if (!this.output.interrupted) return;
    void this.output.wake();
    void this.microphone.wake();
  }

  withoutMicrophone(words) {
    this.become("idle");
    this.view.notice(words);
    this.tools.openPanel("write", "text-panel", true);
  }

  // Live voice

  connect() {
    this.counsellor.leave();
    const speaker = this.loudspeaker;
    this.live = new Live({
      opening: () => this.opening(),
      on: {
        ready: (message) => {
          speaker.rate = message.sample_rate;
          this.talk.keep(message, this.person.key);
          this.become("listening");
        },
        listening: () => this.become("listening"),
        speech_start: () => this.become("hearing"),
        speech_end: () => this.become("thinking"),
        heard: (message) => this.heard(message),
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
        lost: () => this.lost(),
        back: () => this.back(),
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

  heard({ text, final }) {
    if (!text) return;
    this.onActivity();
    if (final) this.view.heard(text);
    else this.view.partial(text);
  }

  lost() {
    this.loudspeaker.stop();
    this.become("reconnecting");
    this.view.notice(NOTICES.reconnecting);
    if (!this.notices.play("lost")) this.output.cue("lost");
  }

  back() {
    this.notices.stop();
    this.view.notice(null);
    this.view.say(LABELS.back);
  }

  opening() {
    const opening = { channel: this.kiosk ? "kiosk" : "web" };
    if (this.place.point) opening.location = this.place.point;
    if (this.place.district) opening.home_district = this.place.district;
    if (this.talk.now) opening.resume = this.talk.now.token;
    else if (this.person.key) opening.person = this.person.key;
    return opening;
  }

  // What was said last is still played to its end; only then does the button change.
  liveOver(reason) {
    this.live = null;
    if (reason === "unknown_conversation" && this.talk.now) {
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
    if (reply.heard) this.onActivity();
    this.talk.keep(reply, this.person.key);
    this.learn(reply);
    this.last = reply;
    this.view.reply(reply);
    if (reply.handover && !this.live) this.counsellor.follow(this.talk.now);
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
    const resumed = this.talk.now !== null;
    const { visit } = this;
    const gone = () => visit !== this.visit;
    try {
      if (!resumed) {
        const greeting = await api.open(this.openingByHttp());
        if (gone()) {
          await api.end(greeting.conversation, greeting.token);
          return;
        }
        this.talk.keep(greeting, this.person.key);
        this.learn(greeting);
      }
      const reply = await api.turn(this.talk.now.conversation, this.talk.now.token, words);
      if (!gone()) this.replied(reply);
    } catch (error) {
      if (gone()) return;
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

  forgetTalk() {
    this.counsellor.leave();
    this.talk.forget();
    this.person.leave();
  }

  // Whoever is forgotten is forgotten by this page too, the district that was chosen here included.
  learn({ remembered }) {
    if (this.person.learn(remembered)) this.place.forgetDistrict();
    this.tools.showPreferences();
  }

  async forget() {
    await this.say(COMMANDS.forget);
    at("place").focus();
  }

  // Another conversation takes the place of this page's own, with all that was said and asked in it.
  takeOver(reply) {
    this.visit = Symbol("visit");
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

  // Nothing of this citizen stays: neither here nor open at the server.
  restart() {
    const talk = this.talk.now;
    this.visit = Symbol("visit");
    this.turns = Promise.resolve();
    this.live?.close();
    this.live = null;
    void this.microphone.close();
    this.loudspeaker.forget();
    this.notices.stop();
    this.forgetTalk();
    this.last = null;
    if (talk) api.end(talk.conversation, talk.token).catch(() => {});
    this.preferences.reset();
    this.output.setVolume(this.preferences.volumeDb);
    this.place.reset();
    this.tools.closePanels();
    this.tools.showPreferences();
    this.become("idle");
    this.view.clear();
    at("microphone").focus();
    this.onRestart();
  }
}
