// Size of type, contrast and volume: kept for this browser, forgotten on a kiosk.

import { LABELS } from "./words.js";

const KEY = "donghaeng.preferences";
const ZOOMS = [1, 1.3, 1.5, 2];
// In dB. A kiosk's amplifier is set so that the usual step gives 65 dBA at the citizen's head (docs/kiosk.md).
const VOLUMES = { web: [0, 6, 12, 18], kiosk: [-18, -12, -6, 0, 6] };
const USUAL = { web: 0, kiosk: -12 };

export class Preferences {
  constructor({ kiosk }) {
    this.kiosk = kiosk;
    this.root = document.documentElement;
    this.zoom = Number(this.root.dataset.zoom ?? 1);
    this.contrast = this.root.dataset.contrast ?? "normal";
    this.volumes = VOLUMES[kiosk ? "kiosk" : "web"];
    this.usual = this.volumes.indexOf(USUAL[kiosk ? "kiosk" : "web"]);
    this.volume = this.usual;
    this.cue = kiosk || this.#read().cue === true;
    this.district = this.#read().district ?? "";
  }

  get volumeDb() {
    return this.volumes[this.volume];
  }

  nextZoom() {
    this.zoom = ZOOMS[(ZOOMS.indexOf(this.zoom) + 1) % ZOOMS.length];
    this.#apply();
    return LABELS.typeSize(this.zoom);
  }

  get largest() {
    return this.zoom === ZOOMS.at(-1);
  }

  toggleContrast() {
    this.contrast = this.contrast === "high" ? "normal" : "high";
    this.#apply();
  }

  nextVolume() {
    return this.#setVolume((this.volume + 1) % this.volumes.length);
  }

  changeVolume(steps) {
    return this.#setVolume(Math.max(0, Math.min(this.volumes.length - 1, this.volume + steps)));
  }

  get loudest() {
    return this.volume === this.volumes.length - 1;
  }

  get softest() {
    return this.volume === 0;
  }

  // A soft tone when the microphone listens again after an answer.
  chooseCue(on) {
    this.cue = on;
    this.#apply();
  }

  #setVolume(step) {
    this.volume = step;
    return LABELS.sound(step - this.usual);
  }

  chooseDistrict(name) {
    this.district = name;
    this.#apply();
  }

  // A kiosk belongs to the next citizen: everything back to how it was found.
  reset() {
    this.volume = this.usual;
    if (!this.kiosk) return;
    this.zoom = 1;
    this.cue = true;
    this.contrast = matchMedia("(prefers-contrast: more)").matches ? "high" : "normal";
    this.#apply();
  }

  #apply() {
    if (this.zoom === 1) {
      delete this.root.dataset.zoom;
      this.root.style.removeProperty("--zoom");
    } else {
      this.root.dataset.zoom = String(this.zoom);
      this.root.style.setProperty("--zoom", String(this.zoom));
    }
    this.root.dataset.contrast = this.contrast;
    if (this.kiosk) return;
    try {
      const { zoom, contrast, district, cue } = this;
      localStorage.setItem(KEY, JSON.stringify({ zoom, contrast, district, cue }));
    } catch {
      // A browser that keeps nothing still applies the choice to this visit.
    }
  }

  #read() {
    if (this.kiosk) return {};
    try {
      return JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {};
    } catch {
      return {};
    }
  }
}
