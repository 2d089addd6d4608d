// What the microphone has heard lately, so that a sentence that a lost line cut in two can be sent again whole.
// What begins after the line was lost is not kept: the citizen has been told that nobody listens. Pure.

const FRAME_SECONDS = 0.04;
const MOST_SECONDS = 20;
const LOUD = 0.3;
const LOUD_FRAMES = 5;
const QUIET_SECONDS = 1;

export class KeptSound {
  #frames = [];
  #at = 0;
  #alive = 0;
  #lost = false;
  #speaking = false;
  #quiet = 0;
  #closed = false;

  // A new line: its sound is counted from nothing.
  begin() {
    this.#frames = [];
    this.#at = this.#alive = this.#quiet = 0;
    this.#lost = this.#speaking = this.#closed = false;
  }

  // A frame that was sent, or would have been; `loudness` 0 … 1.
  add(frame, loudness) {
    if (this.#closed) return;
    this.#frames.push({ frame, at: this.#at, loud: loudness >= LOUD });
    this.#at += FRAME_SECONDS;
    if (this.#at - this.#frames[0].at > MOST_SECONDS) {
      if (this.#lost) this.#closed = true;
      else this.#frames.shift();
    }
    if (!this.#lost) return;
    this.#quiet = loudness >= LOUD ? 0 : this.#quiet + FRAME_SECONDS;
    this.#closed ||= this.#quiet >= QUIET_SECONDS;
  }

  // The server answered: it has everything sent so far.
  alive() {
    if (!this.#lost) this.#alive = this.#at;
  }

  speaks(on) {
    this.#speaking = on;
  }

  // The line is lost; half a sentence under way is kept to its end.
  lose() {
    if (this.#lost) return;
    this.#lost = true;
    this.#closed = !this.pending;
  }

  // Whether something was being said that the server may not have.
  get pending() {
    const unheard = this.#frames.filter(({ at, loud }) => loud && at >= this.#alive).length;
    return this.#speaking || unheard >= LOUD_FRAMES;
  }

  // The frames that the server has not dealt with, which has taken the first `taken` seconds.
  since(taken) {
    if (!this.#lost || !this.pending) return [];
    return this.#frames.filter(({ at }) => at >= taken).map(({ frame }) => frame);
  }
}
