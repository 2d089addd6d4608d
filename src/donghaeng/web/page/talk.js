// The conversation under way: it outlives a reload of the page, not the closing of its tab, and on a kiosk nothing.

const KEY = "donghaeng.conversation";

export class Talk {
  #kiosk;

  constructor({ kiosk }) {
    this.#kiosk = kiosk;
    this.now = kiosk ? null : read();
  }

  // `handover` is where a wish for a person stands; the line's first message does not tell it.
  keep({ conversation, token, handover = this.now?.handover }, person) {
    this.now = { conversation, token, person, handover: handover ?? null };
    if (this.#kiosk) return;
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.now));
    } catch {
      // Without storage the conversation lasts as long as the page.
    }
  }

  forget() {
    this.now = null;
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // Nothing was stored.
    }
  }
}

function read() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return kept?.conversation && kept?.token ? kept : null;
  } catch {
    return null;
  }
}
