// When a session on a kiosk ends by itself: a warning at least 20 s ahead, and every sign of life begins anew.
// Pure: time comes from the `clock` that it is given, `{ now(), after(ms, act) → cancel() }`.

export const IDLE_MS = 90000;
export const WARN_MS = 20000;

export class SessionClock {
  #running = false;
  #busy = false;
  #warned = false;
  #budget = 0;
  #since = 0;
  #cancel = () => {};

  // `onWarn()` as the end comes near, then `onLeft(seconds)` every second; `onStay()` when somebody is there
  // after all; `onEnd()`.
  constructor({ clock, idleMs = IDLE_MS, onWarn, onLeft, onStay, onEnd }) {
    this.clock = clock;
    this.idleMs = Math.max(idleMs, 2 * WARN_MS);
    this.on = { warn: onWarn, left: onLeft, stay: onStay, end: onEnd };
  }

  start() {
    this.stop();
    this.#running = true;
    this.#busy = false;
    this.#fill(this.idleMs);
  }

  stop() {
    this.#cancel();
    this.#running = false;
    this.#warned = false;
  }

  // Somebody is there.
  activity() {
    if (!this.#running) return;
    const warned = this.#warned;
    this.#warned = false;
    if (warned) this.on.stay();
    this.#fill(this.idleMs);
  }

  // While the agent speaks or thinks the clock stands still.
  busy(on) {
    if (!this.#running || on === this.#busy) return;
    if (on) this.#budget = this.#left();
    this.#busy = on;
    this.#fill(this.#budget);
  }

  #fill(budget) {
    this.#budget = budget;
    this.#since = this.clock.now();
    this.#arm();
  }

  #left() {
    return this.#budget - (this.#busy ? 0 : this.clock.now() - this.#since);
  }

  #arm() {
    this.#cancel();
    if (this.#busy) return;
    const left = this.#left();
    if (left > WARN_MS) {
      this.#cancel = this.clock.after(left - WARN_MS, () => this.#arm());
    } else if (!this.#warned) {
      // A machine that slept wakes late: the warning keeps its full length.
      this.#warned = true;
      this.on.warn();
      this.#fill(WARN_MS);
    } else if (left <= 0) {
      this.stop();
      this.on.end();
    } else {
      const seconds = Math.ceil(left / 1000);
      this.on.left(seconds);
      this.#cancel = this.clock.after(left - (seconds - 1) * 1000, () => this.#arm());
    }
  }
}

export const systemClock = {
  now: () => performance.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};
