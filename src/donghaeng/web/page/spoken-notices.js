// The page's own few sentences, in the agent's voice: fetched ahead, so that they sound without a network too.

const RATE = 24000;

export class SpokenNotices {
  #output;
  #sounds = new Map();
  #playing = null;

  constructor(output) {
    this.#output = output;
  }

  // Fetches what is not here yet; a server without a voice has none.
  async prepare(...names) {
    await Promise.all(names.filter((name) => !this.#sounds.has(name)).map((name) => this.#fetch(name)));
  }

  // Whether it sounds.
  play(name) {
    const buffer = this.#sounds.get(name);
    const { context, input } = this.#output;
    this.stop();
    if (!buffer || context?.state !== "running") return false;
    this.#playing = new AudioBufferSourceNode(context, { buffer });
    this.#playing.connect(input);
    this.#playing.start();
    document.documentElement.dataset.noticeSaid = name;
    return true;
  }

  stop() {
    this.#playing?.stop();
    this.#playing = null;
    delete document.documentElement.dataset.noticeSaid;
  }

  async #fetch(name) {
    try {
      const response = await fetch(`/v1/notices/${name}`);
      if (response.status !== 200) return;
      const decoder = new OfflineAudioContext(1, 1, RATE);
      this.#sounds.set(name, await decoder.decodeAudioData(await response.arrayBuffer()));
    } catch {
      // Without the sound the words are on the screen all the same.
    }
  }
}
