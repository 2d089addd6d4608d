// Tells of conversations that are new in the queue: two soft tones, the number in the title, words for screen
// readers.

import { SoundOutput } from "/page/sound-output.js";

const KEY = "donghaeng.desk.sound";
const TITLE = document.title;

export class News {
  #output = new SoundOutput({ onInterrupted() {} });
  #known = null;
  #on = localStorage.getItem(KEY) !== "off";

  constructor({ button, said, queue }) {
    this.button = button;
    this.said = said;
    this.queue = queue;
    button.addEventListener("click", () => this.#toggle());
    // Browsers let a page sound only after the first gesture.
    document.addEventListener("pointerdown", () => void this.#output.unlock(), { once: true });
    document.addEventListener("keydown", () => void this.#output.unlock(), { once: true });
    this.#show();
  }

  look() {
    const waiting = [...this.queue().querySelectorAll("[data-handover]")].map((row) => row.dataset.handover);
    const fresh = this.#known ? waiting.filter((id) => !this.#known.has(id)).length : 0;
    this.#known = new Set(waiting);
    document.title = waiting.length ? `(${waiting.length}) ${TITLE}` : TITLE;
    if (!fresh) return;
    this.said.textContent = `새 상담이 ${fresh}건 들어왔어요. 모두 ${waiting.length}분이 기다려요.`;
    if (this.#on && this.#output.context) this.#output.cue("listening");
  }

  #toggle() {
    this.#on = !this.#on;
    localStorage.setItem(KEY, this.#on ? "on" : "off");
    this.#show();
    void this.#output.unlock().then(() => this.#on && this.#output.cue("listening"));
  }

  #show() {
    this.button.setAttribute("aria-pressed", String(this.#on));
  }
}
