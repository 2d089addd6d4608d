// Plays the spoken answer as it arrives, stops at once, and can say it again.

const LEAD_SECONDS = 0.06;
const REPORT_EVERY_MS = 250;
const DEFAULT_RATE = 24000;

export class Loudspeaker {
  #context = null;
  #gain = null;
  #until = 0;
  #playing = new Set();
  #chunks = [];
  #complete = true;
  #hushed = false;
  #held = false;
  #endSeq = null;
  #reported = 0;
  #volumeDb = 0;
  rate = DEFAULT_RATE;
  playedSeconds = 0;

  // `onPlayed(seq)` tells the last message whose sound has been played, `onSilent()` that none is left.
  constructor({ onPlayed, onSilent }) {
    this.onPlayed = onPlayed;
    this.onSilent = onSilent;
  }

  // To be called within a gesture of the citizen. Whether sound can be heard.
  async unlock() {
    const Context = window.AudioContext ?? window.webkitAudioContext;
    if (!Context) return false;
    if (!this.#context) {
      this.#context = new Context({ sampleRate: DEFAULT_RATE, latencyHint: "interactive" });
      const limiter = new DynamicsCompressorNode(this.#context, { threshold: -3, knee: 0, ratio: 20 });
      this.#gain = new GainNode(this.#context);
      this.#gain.connect(limiter).connect(this.#context.destination);
      this.setVolume(this.#volumeDb);
    }
    // A context that the system keeps suspended never settles the promise.
    const patience = new Promise((resolve) => setTimeout(resolve, 1500));
    await Promise.race([this.#context.resume(), patience]);
    return this.#context.state === "running";
  }

  get speaking() {
    return this.#playing.size > 0 || !this.#complete;
  }

  get canRepeat() {
    return this.#chunks.length > 0;
  }

  setVolume(db) {
    this.#volumeDb = db;
    if (this.#gain) this.#gain.gain.value = 10 ** (db / 20);
  }

  // The sound of one answer: `begin`, pieces, `finish`.
  begin() {
    this.stop();
    // A telephone call or a locked screen may have suspended the sound since it was unlocked.
    if (this.#context?.state !== "running") void this.#context?.resume();
    this.#chunks = [];
    this.#complete = false;
    this.#hushed = false;
    this.#endSeq = null;
  }

  push(pcm, seq) {
    this.#chunks.push(pcm);
    if (!this.#hushed) this.#schedule(pcm, seq);
  }

  finish(seq) {
    this.#complete = true;
    this.#endSeq = seq;
    if (!this.#playing.size) this.#fellSilent();
  }

  // What still comes of this answer is kept for `again`, not played.
  hush() {
    const coming = !this.#complete;
    this.stop();
    this.#hushed = coming;
    if (this.#endSeq !== null) this.#fellSilent();
  }

  // Waits in the middle of a sentence: somebody may want the word.
  hold() {
    if (!this.#playing.size) return;
    this.#held = true;
    void this.#context.suspend();
  }

  goOn() {
    if (!this.#held) return;
    this.#held = false;
    void this.#context.resume();
  }

  stop() {
    this.goOn();
    for (const source of this.#playing) {
      source.onended = null;
      source.stop();
    }
    this.#playing.clear();
    this.#until = 0;
    this.#complete = true;
  }

  again() {
    this.stop();
    this.#hushed = false;
    for (const pcm of this.#chunks) this.#schedule(pcm, null);
  }

  forget() {
    this.stop();
    this.#chunks = [];
  }

  #schedule(pcm, seq) {
    const samples = new Int16Array(pcm, 0, pcm.byteLength >> 1);
    if (!samples.length || !(this.#held || this.#context?.state === "running")) return;
    const buffer = this.#context.createBuffer(1, samples.length, this.rate);
    const channel = buffer.getChannelData(0);
    for (let i = 0; i < samples.length; i += 1) channel[i] = samples[i] / 32768;
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(this.#gain);
    const at = Math.max(this.#context.currentTime + LEAD_SECONDS, this.#until);
    this.#until = at + buffer.duration;
    this.#playing.add(source);
    source.onended = () => this.#ended(source, seq);
    source.start(at);
  }

  #ended(source, seq) {
    this.#playing.delete(source);
    this.playedSeconds += source.buffer.duration;
    if (seq !== null && performance.now() - this.#reported >= REPORT_EVERY_MS) {
      this.#reported = performance.now();
      this.onPlayed(seq);
    }
    if (!this.#playing.size && this.#complete) this.#fellSilent();
  }

  #fellSilent() {
    if (this.#endSeq !== null) this.onPlayed(this.#endSeq);
    this.#endSeq = null;
    this.onSilent();
  }
}
