// The microphone as a stream of 40 ms frames; it can be switched off so that the browser shows it off.

const KINDS = {
  __proto__: null,
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "absent",
  OverconstrainedError: "absent",
  NotReadableError: "busy",
  AbortError: "busy",
};

export class MicrophoneProblem extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

export class Microphone {
  #context = null;
  #stream = null;
  #nodes = [];

  // `onFrame(ArrayBuffer, 0 … 1)` gets 640 samples of 16-bit PCM and how loud they are, `onLevel(0 … 1)` that alone.
  constructor({ onFrame, onLevel, onLost }) {
    this.onFrame = onFrame;
    this.onLevel = onLevel;
    this.onLost = onLost;
  }

  get on() {
    return this.#stream !== null;
  }

  // To be called within a gesture of the citizen.
  async open() {
    if (this.on) return;
    if (!navigator.mediaDevices?.getUserMedia || typeof AudioWorkletNode === "undefined") {
      throw new MicrophoneProblem("insecure");
    }
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio });
    } catch (error) {
      throw new MicrophoneProblem(KINDS[error.name] ?? "absent");
    }
    try {
      await this.#listen(stream);
    } catch {
      for (const track of stream.getTracks()) track.stop();
      await this.close();
      throw new MicrophoneProblem("busy");
    }
  }

  async #listen(stream) {
    this.#context = new AudioContext();
    await this.#context.audioWorklet.addModule("/page/capture-worklet.js");
    const source = new MediaStreamAudioSourceNode(this.#context, { mediaStream: stream });
    const capture = new AudioWorkletNode(this.#context, "capture", { numberOfOutputs: 0 });
    capture.port.onmessage = ({ data }) => {
      const loudness = level(new Int16Array(data));
      this.onFrame(data, loudness);
      this.onLevel(loudness);
    };
    source.connect(capture);
    await this.#context.resume();
    stream.getAudioTracks()[0].onended = () => {
      void this.close();
      this.onLost();
    };
    this.#nodes = [source, capture];
    this.#stream = stream;
  }

  // The system may have taken the microphone away for a while, as for a telephone call.
  async wake() {
    if (this.#context && this.#context.state !== "running") await this.#context.resume().catch(() => {});
  }

  async close() {
    for (const node of this.#nodes) node.disconnect();
    for (const track of this.#stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    const context = this.#context;
    this.#nodes = [];
    this.#stream = null;
    this.#context = null;
    this.onLevel(0);
    if (context && context.state !== "closed") await context.close();
  }
}

// Root mean square on a scale where quiet speech is about a third and loud speech one.
function level(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / samples.length / 32768 ** 2 + 1e-9);
  return Math.max(0, Math.min(1, (decibels + 55) / 40));
}
