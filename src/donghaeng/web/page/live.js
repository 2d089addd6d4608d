// Live voice over the WebSocket `/v1/voice`, which survives a lost connection.

import { freshKey } from "./api.js";
import { canSpeakKorean } from "./browser_voice.js";
import { KeptSound } from "./kept-sound.js";

const LISTEN_RATE = 16000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 4000;
const GIVE_UP_AFTER_MS = 300000;
const READY_WITHIN_MS = 15000;
const AGAIN_WITHIN_MS = 8000;
// A line can die without a word: asked every few seconds, it has to answer.
const PULSE_EVERY_MS = 4000;
const PULSE_WITHIN_MS = 6000;
// Half a minute of sound: more is of no use to anybody when the line comes back.
const MOST_BUFFERED_BYTES = 960000;
// Sessions that break down one after the other, each within moments, are not worth a further try.
const MOST_FAILURES = 3;
// Ends that another try would only repeat: goodbye, asleep, unknown, full, or not understood.
const FINAL = new Set(["ended", "idle", "unknown_conversation", "busy", "callback", "invalid", "protocol"]);
const FINAL_CODES = {
  __proto__: null,
  1008: "protocol",
  1009: "protocol",
  1013: "busy",
  4404: "unknown_conversation",
  4408: "idle",
};

export class Live {
  #socket = null;
  #timer = null;
  #patience = null;
  #pulse = null;
  #lostAt = 0;
  #attempt = 0;
  #closed = false;
  #ready = false;
  #lastSeq = 0;
  #reason = null;
  #failures = 0;
  #kept = new KeptSound();
  // Typed words without an answer yet, by the key under which the server takes them once.
  #unanswered = null;
  #online;
  #offline;

  // `opening()` gives the members of the first frame; `on` has a function per type of message, and
  // `sound(buffer, seq)`, `lost()`, `back()`, and at the very last `over(reason)`.
  constructor({ opening, on }) {
    this.opening = opening;
    // The server names what is called, so nothing is called that an object has by birth.
    this.on = { __proto__: null, ...on };
    this.#online = () => this.#retryNow();
    this.#offline = () => this.#ready && this.#abandon();
    window.addEventListener("online", this.#online);
    window.addEventListener("offline", this.#offline);
  }

  get ready() {
    return this.#ready;
  }

  connect() {
    const url = new URL("/v1/voice", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    this.#reason = null;
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#send(this.#first());
    socket.onmessage = ({ data }) => this.#received(socket, data);
    socket.onclose = ({ code }) => this.#dropped(socket, code);
    this.#socket = socket;
    const patience = this.#lostAt ? AGAIN_WITHIN_MS : READY_WITHIN_MS;
    this.#patience = setTimeout(() => this.#abandon(), patience);
  }

  // Typed words are the citizen's once: they are sent again, and taken once, if the line was lost under them.
  text(words) {
    const message = { type: "text", text: words, key: freshKey() };
    if (!this.#send(message)) return false;
    this.#unanswered = message;
    return true;
  }

  commit() {
    return this.#send({ type: "commit" });
  }

  played(seq) {
    this.#send({ type: "played", seq });
  }

  // A frame of the microphone and how loud it is, 0 … 1.
  sound(frame, loudness = 0) {
    if (this.#ready && this.#socket.bufferedAmount >= MOST_BUFFERED_BYTES) return;
    if (this.#ready) this.#socket.send(frame);
    if (this.#ready || this.#lostAt) this.#kept.add(frame, loudness);
  }

  close() {
    this.#closed = true;
    this.#ready = false;
    for (const timer of [this.#timer, this.#patience, this.#pulse]) clearTimeout(timer);
    window.removeEventListener("online", this.#online);
    window.removeEventListener("offline", this.#offline);
    this.#kept.begin();
    this.#socket?.close(1000);
  }

  #first() {
    const opening = this.opening();
    const frame = { type: "start", sample_rate: LISTEN_RATE, own_voice: canSpeakKorean(), ...opening };
    if (opening.resume && this.#lastSeq) frame.last_seq = this.#lastSeq;
    if (opening.resume && this.#lostAt && this.#kept.pending) frame.sound_follows = true;
    return frame;
  }

  #send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #received(socket, data) {
    if (this.#closed || socket !== this.#socket) return;
    if (data instanceof ArrayBuffer) {
      this.on.sound(data, this.#lastSeq);
      return;
    }
    const message = JSON.parse(data);
    this.#lastSeq = message.seq ?? this.#lastSeq;
    this.#note(message);
    if (message.type === "ready") this.#becameReady(message);
    // Whoever waits in turn is not to be dialled anew.
    if (message.type === "queued") clearTimeout(this.#patience);
    if (message.type === "ended") this.#reason = message.reason;
    else this.on[message.type]?.(message);
  }

  #note({ type, final, heard }) {
    if (type === "pong") this.#alive();
    if (type === "speech_start") this.#kept.speaks(true);
    if (type === "speech_end" || (type === "heard" && final)) this.#kept.speaks(false);
    if (type === "reply") {
      this.#failures = 0;
      if (heard === this.#unanswered?.text) this.#unanswered = null;
    }
  }

  #becameReady({ taken }) {
    clearTimeout(this.#patience);
    const again = this.#lostAt > 0;
    const missing = again && taken !== undefined ? this.#kept.since(taken) : [];
    this.#ready = true;
    this.#lostAt = 0;
    this.#attempt = 0;
    this.#kept.begin();
    for (const frame of missing) this.sound(frame);
    if (again && this.#unanswered) this.#send(this.#unanswered);
    this.#alive();
    if (again) this.on.back();
  }

  #alive() {
    this.#kept.alive();
    clearTimeout(this.#pulse);
    this.#pulse = setTimeout(() => {
      this.#send({ type: "ping" });
      this.#pulse = setTimeout(() => this.#abandon(), PULSE_WITHIN_MS);
    }, PULSE_EVERY_MS);
  }

  // Gives up a socket that may take minutes to find out by itself that nobody is there.
  #abandon() {
    const socket = this.#socket;
    if (!socket || this.#closed) return;
    silence(socket);
    this.#dropped(socket, 1006);
  }

  #dropped(socket, code) {
    if (this.#closed || socket !== this.#socket) return;
    clearTimeout(this.#patience);
    clearTimeout(this.#pulse);
    this.#ready = false;
    const reason = this.#reason ?? FINAL_CODES[code] ?? "lost";
    if (reason === "failed") this.#failures += 1;
    if (FINAL.has(reason) || this.#failures >= MOST_FAILURES) {
      this.#finish(reason);
      return;
    }
    if (!this.#lostAt) {
      this.#lostAt = performance.now();
      this.#kept.lose();
      this.on.lost();
    }
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.#attempt, LONGEST_PAUSE_MS) * (0.75 + Math.random() / 2);
    this.#attempt += 1;
    clearTimeout(this.#timer);
    if (performance.now() + pause - this.#lostAt > GIVE_UP_AFTER_MS) this.#finish("lost");
    else this.#timer = setTimeout(() => this.connect(), pause);
  }

  // The network is back: what was tried without it is not waited for.
  #retryNow() {
    if (this.#closed || !this.#lostAt || this.#socket?.readyState === WebSocket.OPEN) return;
    clearTimeout(this.#timer);
    clearTimeout(this.#patience);
    if (this.#socket) silence(this.#socket);
    this.#attempt = 0;
    this.connect();
  }

  #finish(reason) {
    this.close();
    this.on.over(reason);
  }
}

function silence(socket) {
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.close();
}
