// Turns what the microphone gives (any rate, blocks of 128) into 40 ms frames of 16 kHz 16-bit PCM.

export const LISTEN_RATE = 16000;
const FRAME_SAMPLES = 640;
const HALF_TAPS = 16;
// Below half of 16 kHz, with room for the filter's slope.
const CUTOFF_HZ = 7200;

// Band-limited interpolation with a windowed sinc; keeps its place between blocks.
export class Resampler {
  constructor(inputRate) {
    this.step = inputRate / LISTEN_RATE;
    this.cutoff = Math.min(0.5, CUTOFF_HZ / inputRate) * 2;
    this.reach = inputRate === LISTEN_RATE ? 0 : Math.ceil(HALF_TAPS * Math.max(1, this.step));
    this.held = new Float32Array(this.reach);
    this.position = this.reach;
  }

  feed(block) {
    if (this.reach === 0) return block.slice();
    const input = new Float32Array(this.held.length + block.length);
    input.set(this.held);
    input.set(block, this.held.length);
    const out = [];
    while (this.position + this.reach < input.length) {
      out.push(this.#at(input, this.position));
      this.position += this.step;
    }
    const from = Math.max(0, Math.floor(this.position) - this.reach);
    this.held = input.slice(from);
    this.position -= from;
    return Float32Array.from(out);
  }

  #at(input, position) {
    const centre = Math.floor(position);
    let sum = 0;
    for (let i = centre - this.reach + 1; i <= centre + this.reach; i += 1) {
      const distance = i - position;
      const x = Math.PI * distance * this.cutoff;
      const sinc = Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / (this.reach + 1));
      sum += (input[i] ?? 0) * sinc * window;
    }
    return sum * this.cutoff;
  }
}

// Collects samples into frames of PCM.
export class Framer {
  constructor() {
    this.frame = new Int16Array(FRAME_SAMPLES);
    this.filled = 0;
  }

  *feed(samples) {
    for (const sample of samples) {
      const bounded = Math.max(-1, Math.min(1, sample));
      this.frame[this.filled] = Math.round(bounded * 32767);
      this.filled += 1;
      if (this.filled === FRAME_SAMPLES) {
        yield this.frame;
        this.frame = new Int16Array(FRAME_SAMPLES);
        this.filled = 0;
      }
    }
  }
}

if (typeof registerProcessor === "function") {
  registerProcessor(
    "capture",
    class extends AudioWorkletProcessor {
      constructor() {
        super();
        this.resampler = new Resampler(sampleRate);
        this.framer = new Framer();
      }

      process([input]) {
        const channels = input ?? [];
        if (!channels.length) return true;
        const mono = new Float32Array(channels[0].length);
        for (const channel of channels) {
          for (let i = 0; i < mono.length; i += 1) mono[i] += channel[i] / channels.length;
        }
        for (const frame of this.framer.feed(this.resampler.feed(mono))) {
          this.port.postMessage(frame.buffer, [frame.buffer]);
        }
        return true;
      }
    },
  );
}
