// The counsellor's microphone and loudspeaker on the caller's line.

import { Microphone, MicrophoneProblem } from "/page/microphone.js";
import { SoundOutput } from "/page/sound-output.js";

const RATE = 16000;
// Enough to smooth the network, little enough to talk over.
const LEAD_SECONDS = 0.08;
const MOST_AHEAD_SECONDS = 1;
const WORDS = {
  __proto__: null,
  denied: "마이크를 쓸 수 있게 해 주세요.",
  absent: "마이크가 없어요.",
  busy: "다른 프로그램이 마이크를 쓰고 있어요.",
  insecure: "안전한 주소(https)에서만 통화할 수 있어요.",
  lost: "마이크가 빠졌어요.",
  no_line: "시민이 지금 통화하고 있지 않아요.",
  not_yours: "이 상담은 이제 다른 분이 맡고 있어요.",
  login: "로그인이 끝났어요.",
};

export class Call {
  #socket = null;
  #until = 0;
  #output = new SoundOutput({ onInterrupted() {} });
  #microphone = new Microphone({
    onFrame: (pcm) => this.#socket?.readyState === WebSocket.OPEN && this.#ready && this.#socket.send(pcm),
    onLevel() {},
    onLost: () => this.end(WORDS.lost),
  });
  #ready = false;

  // `button()` and `said()` find their elements: the case around them is replaced now and then.
  constructor({ button, said }) {
    this.button = button;
    this.said = said;
  }

  async toggle() {
    if (this.#socket) {
      this.end("통화를 끊었어요. 글로는 이어서 말할 수 있어요.");
      return;
    }
    const handover = this.button()?.closest("[data-handover]").dataset.handover;
    if (!handover) return;
    try {
      await this.#output.unlock();
      await this.#microphone.open();
    } catch (problem) {
      if (!(problem instanceof MicrophoneProblem)) throw problem;
      this.#say(WORDS[problem.kind]);
      return;
    }
    const address = new URL(`/console/desk/voice/${encodeURIComponent(handover)}`, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => socket.send(JSON.stringify({ type: "start", sample_rate: RATE }));
    socket.onmessage = ({ data }) => (typeof data === "string" ? this.#joined() : this.#play(data));
    socket.onclose = ({ reason }) => this.#socket === socket && this.end(WORDS[reason] ?? "통화가 끝났어요.");
    this.#say("연결하고 있어요.");
  }

  end(words = "") {
    const socket = this.#socket;
    this.#socket = null;
    this.#ready = false;
    socket?.close();
    if (this.#microphone.on) void this.#microphone.close();
    this.button()?.setAttribute("aria-pressed", "false");
    if (words) this.#say(words);
  }

  #joined() {
    this.#ready = true;
    this.button()?.setAttribute("aria-pressed", "true");
    this.#say("통화 중이에요. 말씀하시면 시민에게 들려요.");
  }

  #play(pcm) {
    const samples = new Int16Array(pcm);
    const { context, input } = this.#output;
    if (!samples.length || !this.#output.open) return;
    // What came too late to matter is left out, so that the talk stays in the present.
    if (this.#until > context.currentTime + MOST_AHEAD_SECONDS) return;
    const buffer = context.createBuffer(1, samples.length, RATE);
    const channel = buffer.getChannelData(0);
    for (let i = 0; i < samples.length; i += 1) channel[i] = samples[i] / 32768;
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(input);
    const at = this.#until > context.currentTime ? this.#until : context.currentTime + LEAD_SECONDS;
    this.#until = at + buffer.duration;
    source.start(at);
  }

  #say(words) {
    const said = this.said();
    if (said) said.textContent = words;
  }
}
