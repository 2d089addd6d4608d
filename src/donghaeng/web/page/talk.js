// The conversation under way: it outlives a reload of the page, not the closing of its tab, and on a kiosk nothing.

const KEY = "donghaeng.conversation";

export class Talk {
  #kiosk;
  #key;

  constructor({ kiosk, key = KEY }) {
    this.#kiosk = kiosk;
    this.#key = key;
    this.now = kiosk ? null : read(key);
  }

  // `handover` is where a wish for a person stands; the line's first message does not tell it. `reply`: the
  // last one, for a page that draws it again; who has the token may read it anyway.
  keep({ conversation, token, handover = this.now?.handover }, person, reply) {
    this.now = { conversation, token, person, handover: handover ?? null, reply };
    if (this.#kiosk) return;
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(this.now));
    } catch {
      // Without storage the conversation lasts as long as the page.
    }
  }

  // Whether the browser lets this page keep anything: in a frame of another site some do not.
  get lasts() {
    try {
      sessionStorage.getItem(this.#key);
      return !this.#kiosk;
    } catch {
      return false;
    }
  }

  forget() {
    this.now = null;
    try {
      sessionStorage.removeItem(this.#key);
    } catch {
      // Nothing was stored.
    }
  }
}

function read(key) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
    return kept?.conversation && kept?.token ? kept : null;
  } catch {
    return null;
  }
}
