// Push to talk: what is said while a button is held, as a WAV file.

import { Microphone, MicrophoneProblem } from "/page/microphone.js";

const WORDS = {
  __proto__: null,
  denied: "마이크를 쓸 수 있게 해 주세요.",
  absent: "마이크가 없어요.",
  busy: "다른 프로그램이 마이크를 쓰고 있어요.",
  insecure: "안전한 주소(https)에서만 들을 수 있어요.",
};
const RATE = 16000;
const MOST_FRAMES = 750;

export class PushToTalk {
  #frames = [];
  // Whoever lets go before the microphone is there is not listened to.
  #wanted = false;
  #pressed = false;
  #button = null;
  #microphone = new Microphone({
    onFrame: (pcm) => {
      if (this.#frames.length === 0) this.tell("듣고 있어요.", this.#button);
      if (this.#frames.length < MOST_FRAMES) this.#frames.push(new Int16Array(pcm));
    },
    onLevel() {},
    onLost: () => this.tell("마이크가 빠졌어요.", this.#button),
  });

  // `buttons` is a selector; `tell(words, button)` shows a line; `begins()` silences what plays; `said(wav, button)`
  // gets what was heard.
  constructor({ buttons, tell, begins, said }) {
    this.buttons = buttons;
    this.tell = tell;
    this.begins = begins;
    this.said = said;
    // A press of the mouse, or of the space bar while a button has the keyboard; a screen reader's click toggles.
    document.addEventListener("pointerdown", (event) => {
      const button = this.#of(event);
      if (!button) return;
      this.#pressed = true;
      void this.#listen(button);
    });
    addEventListener("pointerup", () => {
      if (!this.#pressed) return;
      setTimeout(() => (this.#pressed = false));
      void this.#heard();
    });
    addEventListener("keydown", (event) => {
      const button = this.#of(event);
      if (!button || event.code !== "Space") return;
      event.preventDefault();
      if (!event.repeat) void this.#listen(button);
    });
    addEventListener("keyup", (event) => {
      if (!this.#of(event) || event.code !== "Space") return;
      event.preventDefault();
      void this.#heard();
    });
    document.addEventListener("click", (event) => {
      const button = this.#of(event);
      if (!button || this.#pressed) return;
      if (this.#microphone.on) void this.#heard();
      else void this.#listen(button);
    });
    // A press before this is lost.
    document.documentElement.dataset.listens = "";
  }

  #of(event) {
    return event.target instanceof Element ? event.target.closest(this.buttons) : null;
  }

  async #listen(button) {
    this.#wanted = true;
    if (this.#microphone.on) return;
    this.begins();
    this.#button = button;
    this.#frames = [];
    try {
      await this.#microphone.open();
    } catch (problem) {
      if (!(problem instanceof MicrophoneProblem)) throw problem;
      this.tell(WORDS[problem.kind], button);
      return;
    }
    if (!this.#wanted) {
      await this.#microphone.close();
      return;
    }
    button.setAttribute("aria-pressed", "true");
  }

  async #heard() {
    this.#wanted = false;
    if (!this.#microphone.on) return;
    await this.#microphone.close();
    this.#button?.setAttribute("aria-pressed", "false");
    if (!this.#frames.length) return;
    this.tell("알아듣고 있어요.", this.#button);
    await this.said(wav(this.#frames), this.#button);
  }
}

function wav(frames) {
  const count = frames.reduce((sum, one) => sum + one.length, 0);
  const view = new DataView(new ArrayBuffer(44 + count * 2));
  const text = (offset, letters) => [...letters].forEach((one, i) => view.setUint8(offset + i, one.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + count * 2, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, count * 2, true);
  let offset = 44;
  for (const frame of frames) {
    for (const sample of frame) {
      view.setInt16(offset, sample, true);
      offset += 2;
    }
  }
  return view;
}
