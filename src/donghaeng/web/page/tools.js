// The tool buttons: hear it again, how loud, how large, in which colours, and the two panels.

import { LABELS, NOTICES } from "./words.js";

const PANELS = [["write", "text-panel"], ["place", "place-panel"], ["call", "call-panel"]];

const at = (id) => document.getElementById(id);

export class Tools {
  constructor(page) {
    this.page = page;
  }

  again() {
    if (!this.page.loudspeaker.canRepeat) this.page.view.notice(NOTICES.nothingToRepeat);
    else this.page.loudspeaker.again();
    this.page.show();
  }

  // One button goes round on the citizen's own page; on a kiosk one goes up and one down.
  louder() {
    this.volume(this.page.kiosk ? this.page.preferences.changeVolume(1) : this.page.preferences.nextVolume());
  }

  quieter() {
    this.volume(this.page.preferences.changeVolume(-1));
  }

  volume(words) {
    this.page.view.say(words);
    this.page.output.setVolume(this.page.preferences.volumeDb);
    this.showPreferences();
  }

  larger() {
    this.page.view.say(this.page.preferences.nextZoom());
    this.showPreferences();
  }

  contrast() {
    this.page.preferences.toggleContrast();
    this.showPreferences();
  }

  showPreferences() {
    at("larger").textContent = this.page.preferences.largest ? LABELS.normalType : LABELS.larger;
    at("contrast").setAttribute("aria-pressed", String(this.page.preferences.contrast === "high"));
    const around = this.page.preferences.loudest && !this.page.kiosk;
    at("louder").textContent = around ? LABELS.normalSound : LABELS.louder;
    at("louder").disabled = this.page.kiosk && this.page.preferences.loudest;
    at("quieter").disabled = this.page.preferences.softest;
    at("cue").checked = this.page.preferences.cue;
    at("district").value = this.page.place.district;
    at("remembered").hidden = !this.page.person.kept;
  }

  openPanel(button, panel, open) {
    at(panel).hidden = !open;
    at(button).setAttribute("aria-expanded", String(open));
    if (open) at(panel).querySelector("input, button").focus();
  }

  toggle(button, panel) {
    this.openPanel(button, panel, at(panel).hidden);
  }

  closePanels() {
    for (const [button, panel] of PANELS) this.openPanel(button, panel, false);
  }
}
