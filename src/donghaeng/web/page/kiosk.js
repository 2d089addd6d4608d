// A kiosk: sleeps under a cover, wakes at a touch or when somebody comes near, and forgets each citizen.

import { SessionClock, systemClock } from "./session.js";
import { LABELS } from "./words.js";

const APPROACH_KEY = "F13";
const NOTICES = ["welcome", "stay"];
const COVERED = ["header", "main"];

const parameters = new URLSearchParams(location.search);
const at = (id) => document.getElementById(id);

export class Kiosk {
  #page = null;
  #session;

  constructor(clock = systemClock) {
    this.approachKey = parameters.get("key") ?? APPROACH_KEY;
    const idle = Number.parseFloat(parameters.get("idle"));
    this.#session = new SessionClock({
      clock,
      idleMs: Number.isFinite(idle) ? idle * 1000 : undefined,
      onWarn: () => this.#warn(),
      onLeft: (seconds) => {
        at("stay-left").textContent = LABELS.secondsLeft(seconds);
      },
      onStay: () => at("stay").close(),
      onEnd: () => this.#page.restart(),
    });
  }

  begin(page) {
    this.#page = page;
    for (const id of ["finish", "quieter"]) at(id).hidden = false;
    at("home").hidden = true;
    at("cover").addEventListener("click", () => this.#wake());
    at("stay-yes").addEventListener("click", () => this.activity());
    at("stay-no").addEventListener("click", () => this.#page.restart());
    at("stay").addEventListener("cancel", () => this.activity());
    for (const sign of ["pointerdown", "keydown", "input"]) {
      document.addEventListener(sign, (event) => this.#sign(event), { capture: true });
    }
    document.addEventListener("contextmenu", (event) => event.preventDefault());
    void page.notices.prepare(...NOTICES);
    this.#cover(true);
  }

  busy(on) {
    this.#session.busy(on);
  }

  activity() {
    this.#session.activity();
  }

  // Nothing of the citizen is left: the cover waits for the next.
  sleep() {
    this.#session.stop();
    for (const id of ["stay", "leave"]) at(id).close();
    at("stay-left").textContent = "";
    this.#cover(true);
  }

  #sign(event) {
    const approached = event.type === "keydown" && event.key === this.approachKey;
    if (approached) event.preventDefault();
    if (approached && !at("cover").hidden) void this.#wake();
    else if (!event.target.closest?.("#stay")) this.activity();
  }

  async #wake() {
    if (at("cover").hidden) return;
    this.#cover(false);
    this.#session.start();
    at("microphone").focus();
    document.documentElement.requestFullscreen?.({ navigationUI: "hide" }).catch(() => {});
    if (await this.#page.output.unlock()) this.#page.notices.play("welcome");
  }

  #warn() {
    at("stay").showModal();
    this.#page.notices.play("stay");
  }

  #cover(on) {
    at("cover").hidden = !on;
    for (const name of COVERED) document.querySelector(name).inert = on;
    if (on) at("cover").focus();
  }
}
