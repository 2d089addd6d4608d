// Runs a session clock by hand: `steps` are [seconds to wait | "touch" | "busy" | "free"], the result what was told.
async ([idleSeconds, steps]) => {
  const { SessionClock } = await import("/page/session.js");
  let now = 0;
  let timers = [];
  const clock = {
    now: () => now,
    after: (ms, act) => {
      const timer = { at: now + ms, act };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
  };
  const told = [];
  const note = (what) => (...given) => told.push([now / 1000, what, ...given]);
  const session = new SessionClock({
    clock,
    idleMs: idleSeconds * 1000,
    onWarn: note("warn"),
    onLeft: () => {},
    onStay: note("stay"),
    onEnd: note("end"),
  });
  session.start();
  const pass = (seconds, late) => {
    const until = now + seconds * 1000;
    if (late) now = until;
    for (;;) {
      const due = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      timers = timers.filter((each) => each !== due);
      now = Math.max(now, due.at);
      due.act();
    }
    now = until;
  };
  for (const step of steps) {
    if (typeof step === "number") pass(step);
    else if (step === "sleep") pass(10000, true);
    else if (step === "touch") session.activity();
    else session.busy(step === "busy");
  }
  return told;
}
