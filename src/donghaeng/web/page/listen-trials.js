// Which samples a tester hears, in what order. Pure: chance comes from the `random` that it is given, 0 … 1.

export const MOST_TRIALS = 24;

function shuffled(list, random) {
  const mixed = [...list];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
}

// Trials in mixed order: `{ kind: "pair", pair, sentence, shown }`, `shown` the ids of the two conditions as they
// are heard and `swapped` whether that is the other way round; or `{ kind: "single", condition, sentence }`.
export function makeTrials(plan, random) {
  const pairs = plan.pairs.flatMap(({ id, a, b }) =>
    plan.sentences.map((sentence) => {
      const swapped = random() < 0.5;
      return { kind: "pair", pair: id, sentence, swapped, shown: swapped ? [b, a] : [a, b] };
    }),
  );
  const singles = plan.singles.flatMap((condition) =>
    plan.sentences.map((sentence) => ({ kind: "single", condition, sentence, shown: [condition] })),
  );
  const half = Math.ceil(MOST_TRIALS / 2);
  const some = [...shuffled(pairs, random).slice(0, half), ...shuffled(singles, random).slice(0, half)];
  return shuffled(some, random);
}

// What is sent for the choice of the first (0) or second (1) sound heard, or neither (null).
export function preferred(trial, choice) {
  if (choice === null) return "same";
  return (choice === 0) === trial.swapped ? "b" : "a";
}
