// Plays the spoken answer as it arrives, stops at once, and can say it again.

const LEAD_SECONDS = 0.06;
const REPORT_EVERY_MS = 250;
const DEFAULT_RATE = 24000;

export class Loudspeaker {
  #output;
  #until = 0;
  #playing = new Set();
  #chunks = [];
  #complete = true;
  #hushed = false;
  #held = false;
  #endSeq = null;
  #reported = 0;
  rate = DEFAULT_RATE;
  playedSeconds = 0;

  // `onPlayed(seq)` tells the last message whose sound has been played, `onSilent()` that none is left.
  constructor({ output, onPlayed, onSilent }) {
    this.#output = output;
    this.onPlayed = onPlayed;
    this.onSilent = onSilent;
  }

  get speaking() {
    return this.#playing.size > 0 || !this.#complete;
  }

  get canRepeat() {
    return this.#chunks.length > 0;
  }

  // The sound of one answer: `begin`, pieces, `finish`.
  begin() {
    this.stop();
    void this.#output.wake();
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
    this.#output.pause();
  }

  goOn() {
    if (!this.#held) return;
    this.#held = false;
    this.#output.goOn();
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
    this.playedSeconds = 0;
  }

  #schedule(pcm, seq) {
    const samples = new Int16Array(pcm, 0, pcm.byteLength >> 1);
    if (!samples.length || !this.#output.open) return;
    const { context, input } = this.#output;
    const buffer = context.createBuffer(1, samples.length, this.rate);
    const channel = buffer.getChannelData(0);
    for (let i = 0; i < samples.length; i += 1) channel[i] = samples[i] / 32768;
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(input);
    const at = Math.max(context.currentTime + LEAD_SECONDS, this.#until);
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
