// What a counsellor says, while a conversation waits for one or has one.

import * as api from "./api.js";

const WAIT_S = 20;
const PAUSE_MS = 3_000;
const WAITED_FOR = new Set(["queued", "joined"]);

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

export class Counsellor {
  // `onSaid(reply)`: new words.
  constructor({ onSaid }) {
    this.onSaid = onSaid;
    this.listening = null;
    this.conversation = null;
    this.after = 0;
  }

  // Listens where `reply` says that a person is waited for, until that is over or another conversation begins.
  follow({ conversation, token, handover }) {
    if (this.listening === conversation || !WAITED_FOR.has(handover?.state)) return;
    if (this.conversation !== conversation) this.after = 0;
    this.conversation = conversation;
    this.listening = conversation;
    void this.#listen(conversation, token);
  }

  stop() {
    this.listening = null;
  }

  async #listen(conversation, token) {
    const mine = () => this.listening === conversation;
    while (mine()) {
      try {
        const { last, handover, told } = await api.messages(conversation, token, this.after, WAIT_S);
        if (!mine()) return;
        this.after = last;
        for (const { reply } of told) if (reply.show.text) this.onSaid(reply);
        // The machine's first words after a person's last ones may come a moment later.
        if (!WAITED_FOR.has(handover?.state) && !told.length) this.stop();
      } catch (error) {
        // Refused for good: there is nobody here, or no such conversation.
        if (error.gone || error.status === 401) this.stop();
        else await pause();
      }
    }
  }
}
