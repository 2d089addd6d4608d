// The key by which the server may know this browser again. A fresh one goes with every visit; it is kept here
// only while the server says that the citizen wished to be remembered. On a kiosk there is none.

import { freshKey } from "./api.js";

const KEY = "donghaeng.person";

export class Person {
  #kiosk;
  #visit;

  // `visit` is the key with which the conversation that goes on was opened.
  constructor({ kiosk, visit }) {
    this.#kiosk = kiosk;
    this.#visit = visit ?? null;
  }

  get kept() {
    return !this.#kiosk && this.#read() !== null;
  }

  get key() {
    if (this.#kiosk) return null;
    this.#visit ??= this.#read() ?? freshKey();
    return this.#visit;
  }

  // Takes what a reply says; true where the citizen was remembered until now. Another window may have a key of
  // its own, which is left alone.
  learn(remembered) {
    if (this.#kiosk || remembered === undefined) return false;
    const mine = this.#read() === this.key;
    try {
      if (remembered) localStorage.setItem(KEY, this.key);
      else if (mine) localStorage.removeItem(KEY);
    } catch {
      // A browser that keeps nothing is not known again.
    }
    return mine && !remembered;
  }

  // The conversation is over: the next one has a key of its own, unless one is kept.
  leave() {
    this.#visit = null;
  }

  #read() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  }
}
