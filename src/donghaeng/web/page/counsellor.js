// What a counsellor says to a conversation without a live line: asked for again and again, each question
// waiting at the server until there is something.

import * as api from "./api.js";

const PAUSE_MS = 2000;

export class Counsellor {
  #talk = null;

  // `onTold(reply, seq)`: the counsellor said something, or the machine has the conversation again;
  // `onStanding(handover)`: where the hand-over stands.
  constructor({ onTold, onStanding }) {
    this.onTold = onTold;
    this.onStanding = onStanding;
  }

  follow(talk) {
    if (this.#talk?.conversation === talk.conversation) return;
    this.#talk = talk;
    void this.#ask(talk);
  }

  leave() {
    this.#talk = null;
  }

  async #ask(talk) {
    let after = 0;
    while (this.#talk === talk) {
      try {
        const { last, handover, told } = await api.fromDesk(talk.conversation, talk.token, after);
        if (this.#talk !== talk) return;
        after = last;
        for (const { seq, reply } of told) if (reply.show.text) this.onTold(reply, seq);
        if (handover) this.onStanding(handover);
        // The machine's first words after a hand-over come a moment after its end.
        else if (!told.length) this.leave();
      } catch (error) {
        if (error.gone) this.leave();
        else if (!(error instanceof api.ApiProblem || error instanceof api.Unreachable)) throw error;
        else await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }
}
