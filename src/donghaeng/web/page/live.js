// Live voice over the WebSocket `/v1/voice`, which survives a lost connection.

import { canSpeakKorean } from "./browser_voice.js";

const LISTEN_RATE = 16000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;
const GIVE_UP_AFTER_MS = 120000;
const READY_WITHIN_MS = 15000;
// Half a minute of sound: more is of no use to anybody when the line comes back.
const MOST_BUFFERED_BYTES = 960000;
// Sessions that break down one after the other, each within moments, are not worth a further try.
const MOST_FAILURES = 3;
// Ends that another try would only repeat: goodbye, asleep, unknown, full, or not understood.
const FINAL = new Set(["ended", "idle", "unknown_conversation", "busy", "callback", "invalid", "protocol"]);
const FINAL_CODES = { 1008: "protocol", 1009: "protocol", 1013: "busy", 4404: "unknown_conversation", 4408: "idle" };

export class Live {
  #socket = null;
  #timer = null;
  #patience = null;
  #lostAt = 0;
  #attempt = 0;
  #closed = false;
  #ready = false;
  #lastSeq = 0;
  #reason = null;
  #failures = 0;
  #online;

  // `opening()` gives the members of the first frame; `on` has a function per type of message, and
  // `sound(buffer, seq)`, `lost()`, `back()`, and at the very last `over(reason)`.
  constructor({ opening, on }) {
    this.opening = opening;
    this.on = on;
    this.#online = () => this.#retryNow();
    window.addEventListener("online", this.#online);
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
    socket.onmessage = ({ data }) => this.#received(data);
    socket.onclose = ({ code }) => this.#dropped(socket, code);
    this.#socket = socket;
    this.#patience = setTimeout(() => socket.close(), READY_WITHIN_MS);
  }

  text(words) {
    return this.#send({ type: "text", text: words });
  }

  commit() {
    return this.#send({ type: "commit" });
  }

  played(seq) {
    this.#send({ type: "played", seq });
  }

  sound(frame) {
    if (this.#ready && this.#socket.bufferedAmount < MOST_BUFFERED_BYTES) this.#socket.send(frame);
  }

  close() {
    this.#closed = true;
    this.#ready = false;
    clearTimeout(this.#timer);
    clearTimeout(this.#patience);
    window.removeEventListener("online", this.#online);
    this.#socket?.close(1000);
  }

  #first() {
    const opening = this.opening();
    const frame = { type: "start", sample_rate: LISTEN_RATE, own_voice: canSpeakKorean(), ...opening };
    if (opening.resume && this.#lastSeq) frame.last_seq = this.#lastSeq;
    return frame;
  }

  #send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #received(data) {
    if (this.#closed) return;
    if (data instanceof ArrayBuffer) {
      this.on.sound(data, this.#lastSeq);
      return;
    }
    const message = JSON.parse(data);
    this.#lastSeq = message.seq ?? this.#lastSeq;
    if (message.type === "ready") this.#becameReady();
    // Whoever waits in turn is not to be dialled anew.
    if (message.type === "queued") clearTimeout(this.#patience);
    if (message.type === "reply") this.#failures = 0;
    if (message.type === "ended") this.#reason = message.reason;
    else this.on[message.type]?.(message);
  }

  #becameReady() {
    clearTimeout(this.#patience);
    const again = this.#lostAt > 0;
    this.#ready = true;
    this.#lostAt = 0;
    this.#attempt = 0;
    if (again) this.on.back();
  }

  #dropped(socket, code) {
    if (this.#closed || socket !== this.#socket) return;
    clearTimeout(this.#patience);
    this.#ready = false;
    const reason = this.#reason ?? FINAL_CODES[code] ?? "lost";
    if (reason === "failed") this.#failures += 1;
    if (FINAL.has(reason) || this.#failures >= MOST_FAILURES) {
      this.#finish(reason);
      return;
    }
    if (!this.#lostAt) {
      this.#lostAt = performance.now();
      this.on.lost();
    }
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.#attempt, LONGEST_PAUSE_MS) * (0.75 + Math.random() / 2);
    this.#attempt += 1;
    if (performance.now() + pause - this.#lostAt > GIVE_UP_AFTER_MS) this.#finish("lost");
    else this.#timer = setTimeout(() => this.connect(), pause);
  }

  #retryNow() {
    if (this.#closed || !this.#lostAt || this.#socket?.readyState !== WebSocket.CLOSED) return;
    clearTimeout(this.#timer);
    this.connect();
  }

  #finish(reason) {
    this.close();
    this.on.over(reason);
  }
}
