// A loudspeaker that can also speak with the browser's own Korean voice, where the server leaves that to the page.

import { Loudspeaker } from "./loudspeaker.js";

const LANGUAGE = "ko-KR";
// The browser's volume goes no higher than 1: what is usual leaves room for "louder".
const USUAL_VOLUME = 0.5;
// Some browsers fall silent in the middle of what takes longer than 15 seconds, so each sentence is a wish of its own.
const SENTENCE_ENDS = /(?<=[.?!])\s+/;

// Of this machine alone: other voices send what is said to whoever made the browser.
function koreanVoice() {
  const voices = globalThis.speechSynthesis?.getVoices() ?? [];
  return voices.find(({ lang, localService }) => localService && /^ko\b/i.test(lang.replace("_", "-"))) ?? null;
}

// Browsers load their voices when they are first asked for them.
koreanVoice();

export function canSpeakKorean() {
  return koreanVoice() !== null;
}

export class BrowserVoice extends Loudspeaker {
  #own = null;
  #left = new Set();
  #endSeq = null;
  #volumeDb = 0;
  #spokeFrom = 0;

  async unlock() {
    // Speech, too, has to begin within a gesture where sound does.
    if (canSpeakKorean()) speechSynthesis.speak(new SpeechSynthesisUtterance(""));
    return super.unlock();
  }

  get speaking() {
    return this.#left.size > 0 || super.speaking;
  }

  get canRepeat() {
    return this.#own !== null || super.canRepeat;
  }

  setVolume(db) {
    this.#volumeDb = db;
    super.setVolume(db);
  }

  // `say`, `speed` and `volume_db` come with an answer whose sound the server does not send.
  begin({ say, speed = 1, volume_db: volumeDb = 0 } = {}) {
    super.begin();
    this.#endSeq = null;
    this.#own = say === undefined ? null : { say, speed, volumeDb };
    if (!this.#own) return;
    super.stop();
    this.#speak();
  }

  finish(seq) {
    if (!this.#own) {
      super.finish(seq);
      return;
    }
    this.#endSeq = seq;
    if (!this.#left.size) this.#fellSilent();
  }

  hush() {
    if (!this.#own) {
      super.hush();
      return;
    }
    this.stop();
    this.#fellSilent();
  }

  hold() {
    if (this.#left.size) speechSynthesis.pause();
    else super.hold();
  }

  goOn() {
    if (this.#left.size) speechSynthesis.resume();
    else super.goOn();
  }

  stop() {
    this.#cancel();
    super.stop();
  }

  again() {
    if (!this.#own) {
      super.again();
      return;
    }
    this.stop();
    this.#speak();
  }

  forget() {
    this.#own = null;
    super.forget();
  }

  #cancel() {
    if (!this.#left.size) return;
    this.#left.clear();
    this.#count();
    speechSynthesis.cancel();
    // A voice that was held stays held for whatever comes next.
    speechSynthesis.resume();
  }

  #speak() {
    const voice = koreanVoice();
    const volume = Math.min(1, USUAL_VOLUME * 10 ** ((this.#own.volumeDb + this.#volumeDb) / 20));
    this.#spokeFrom = performance.now();
    for (const sentence of this.#own.say.split(SENTENCE_ENDS).filter(Boolean)) {
      const utterance = new SpeechSynthesisUtterance(sentence);
      Object.assign(utterance, { lang: LANGUAGE, voice, rate: this.#own.speed, volume });
      utterance.onend = () => this.#said(utterance);
      utterance.onerror = () => this.#said(utterance);
      this.#left.add(utterance);
    }
    for (const utterance of this.#left) speechSynthesis.speak(utterance);
  }

  #said(utterance) {
    if (!this.#left.delete(utterance) || this.#left.size) return;
    this.#count();
    this.#fellSilent();
  }

  #count() {
    this.playedSeconds += (performance.now() - this.#spokeFrom) / 1000;
  }

  #fellSilent() {
    if (this.#endSeq !== null) this.onPlayed(this.#endSeq);
    this.#endSeq = null;
    this.onSilent();
  }
}
