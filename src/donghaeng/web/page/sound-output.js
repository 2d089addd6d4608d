// The one way out for sound: unlocked within a gesture, woken again after an interruption, as loud as wished.

const RATE = 24000;
const UNLOCK_WITHIN_MS = 1500;
const CUE_HZ = { __proto__: null, listening: [660, 880], lost: [520, 390] };
const CUE_GAIN = 0.06;
const CUE_SECONDS = 0.09;

// Volume and a limiter, so that "louder" bends peaks instead of breaking them.
export function chain(context, db) {
  const gain = new GainNode(context, { gain: 10 ** (db / 20) });
  const limiter = new DynamicsCompressorNode(context, { threshold: -3, knee: 0, ratio: 20 });
  gain.connect(limiter).connect(context.destination);
  return gain;
}

export class SoundOutput {
  #context = null;
  #gain = null;
  #db = 0;
  #paused = false;
  #unlocked = false;
  #interrupted = false;

  // `onInterrupted(whether)`: a telephone call or a locked screen took the sound away, or it is back.
  constructor({ onInterrupted }) {
    this.onInterrupted = onInterrupted;
  }

  // To be called within a gesture of the citizen. Whether sound can be heard.
  async unlock() {
    const Context = window.AudioContext ?? window.webkitAudioContext;
    if (!Context) return false;
    if (!this.#context) {
      this.#context = new Context({ sampleRate: RATE, latencyHint: "interactive" });
      this.#context.onstatechange = () => this.#changed();
      this.#gain = chain(this.#context, this.#db);
    }
    await this.#resume();
    this.#unlocked ||= this.#context.state === "running";
    return this.#context.state === "running";
  }

  get context() {
    return this.#context;
  }

  get input() {
    return this.#gain;
  }

  // Whether what is scheduled now will be heard, if only when the sound is back.
  get open() {
    return this.#paused || this.#interrupted || this.#context?.state === "running";
  }

  get interrupted() {
    return this.#interrupted;
  }

  get volumeDb() {
    return this.#db;
  }

  setVolume(db) {
    this.#db = db;
    if (this.#gain) this.#gain.gain.value = 10 ** (db / 20);
  }

  pause() {
    this.#paused = true;
    void this.#context.suspend();
  }

  goOn() {
    if (!this.#paused) return;
    this.#paused = false;
    void this.#resume();
  }

  // Within a gesture: the sound that was taken away comes back.
  async wake() {
    if (this.#context && !this.#paused && this.#context.state !== "running") await this.#resume();
  }

  // Two soft tones: "listening" go up, "lost" go down.
  cue(name) {
    if (this.#context?.state !== "running") return;
    CUE_HZ[name].forEach((frequency, index) => {
      const at = this.#context.currentTime + 0.02 + index * CUE_SECONDS;
      const tone = new OscillatorNode(this.#context, { frequency });
      const shape = new GainNode(this.#context, { gain: 0 });
      shape.gain.setValueAtTime(0, at);
      shape.gain.linearRampToValueAtTime(CUE_GAIN, at + 0.015);
      shape.gain.linearRampToValueAtTime(0, at + CUE_SECONDS);
      tone.connect(shape).connect(this.#gain);
      tone.start(at);
      tone.stop(at + CUE_SECONDS);
    });
  }

  // A context that the system keeps suspended never settles the promise; an interrupted one may refuse.
  #resume() {
    const patience = new Promise((resolve) => setTimeout(resolve, UNLOCK_WITHIN_MS));
    return Promise.race([this.#context.resume().catch(() => {}), patience]);
  }

  #changed() {
    const { state } = this.#context;
    const interrupted = this.#unlocked && !this.#paused && state !== "running" && state !== "closed";
    if (interrupted === this.#interrupted) return;
    this.#interrupted = interrupted;
    this.onInterrupted(interrupted);
  }
}
