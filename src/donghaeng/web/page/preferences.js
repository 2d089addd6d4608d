// Size of type, contrast and volume: kept for this browser, forgotten on a kiosk.

import { LABELS } from "./words.js";

const KEY = "donghaeng.preferences";
const ZOOMS = [1, 1.3, 1.5, 2];
const VOLUME_STEP_DB = 6;
const VOLUME_STEPS = 4;

export class Preferences {
  constructor({ kiosk }) {
    this.kiosk = kiosk;
    this.root = document.documentElement;
    this.zoom = Number(this.root.dataset.zoom ?? 1);
    this.contrast = this.root.dataset.contrast ?? "normal";
    this.volume = 0;
    this.district = this.#read().district ?? "";
  }

  get volumeDb() {
    return this.volume * VOLUME_STEP_DB;
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
    this.volume = (this.volume + 1) % VOLUME_STEPS;
    return LABELS.sound(this.volume);
  }

  get loudest() {
    return this.volume === VOLUME_STEPS - 1;
  }

  chooseDistrict(name) {
    this.district = name;
    this.#apply();
  }

  // A kiosk belongs to the next citizen: everything back to how it was found.
  reset() {
    this.volume = 0;
    if (!this.kiosk) return;
    this.zoom = 1;
    this.contrast = matchMedia("(prefers-contrast: more)").matches ? "high" : "normal";
    this.#apply();
  }

  #apply() {
    this.root.dataset.zoom = String(this.zoom);
    this.root.style.setProperty("--zoom", String(this.zoom));
    this.root.dataset.contrast = this.contrast;
    if (this.kiosk) return;
    try {
      const { zoom, contrast, district } = this;
      localStorage.setItem(KEY, JSON.stringify({ zoom, contrast, district }));
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
