// Exact scores on the tables: of a policy (with the bits of agents/exact.py), of the optimum and of chance.

// The states that a policy can reach, in the order of the ways to them.
function reachable({A, K, chances, next_state, terminated, start_ends}, policy) {
  const states = new Set(start_ends.keys());
  for (const s of states) { // also those that are added meanwhile
    for (let k = 0, outcome = (s * A + policy[s]) * K; k < K; k++, outcome++) {
      if (chances[policy[s] * K + k] > 0 && !terminated[outcome]) states.add(next_state[outcome]);
    }
  }
  return Array.from(states);
}

// The numbers that decide greedy episodes: [state, action] from the start on.
function greedyWay(learner) {
  const policy = learner.greedy();
  return reachable(learner.kitchen, policy).map(s => [s, policy[s]]);
}

// The expected return of a policy, by dynamic programming over the states that it can reach.
function evaluate(kitchen, reward, policy) {
  const {A, K, chances, next_state, terminated, time_limit} = kitchen;
  const states = reachable(kitchen, policy).sort((a, b) => a - b), gains = new Float64Array(states.length);
  const place = new Map(states.map((s, i) => [s, i])), follow = states.map((s, i) => {
    const weights = new Map();
    for (let k = 0, outcome = (s * A + policy[s]) * K; k < K; k++, outcome++) {
      const weight = chances[policy[s] * K + k], next = place.get(next_state[outcome]);
      gains[i] += weight * reward[outcome];
      if (weight > 0 && !terminated[outcome]) weights.set(next, (weights.get(next) ?? 0) + weight);
    }
    return Array.from(weights).sort(([a], [b]) => a - b).flat(); // in the order of a sparse matrix
  });
  const totals = sweeps(time_limit, states.length, (before, after) => follow.forEach((row, i) => {
    for (let n = 0; n < row.length; n += 2) after[i] += row[n + 1] * before[row[n]];
    after[i] += gains[i];
  }));
  return startMean(kitchen, s => totals[place.get(s)]);
}

// The values after as many sweeps from 0 as an episode has actions; more time may change nothing.
function sweeps(time_limit, size, sweep) {
  let before = null, values = new Float64Array(size);
  for (let left = time_limit; left > 0 && !before?.every((value, i) => value === values[i]); left--) {
    [before, values] = [values, new Float64Array(size)];
    sweep(before, values);
  }
  return values;
}

function startMean({start_ends}, valueOf) {
  return start_ends.reduce((sum, end, s) => sum + (end - (start_ends[s - 1] ?? 0)) * valueOf(s), 0);
}

// The expected returns of random actions and of the best ones, by backward induction.
function boundsOf(kitchen, reward) {
  const {S, A, K, chances, next_state, terminated, time_limit} = kitchen;
  const values = sweeps(time_limit, 2 * S, (before, after) => {
    for (let s = 0, outcome = 0; s < S; s++) {
      for (let place = 0, best = -Infinity; place < A * K; place += K) {
        let random = 0, value = 0;
        for (let k = 0; k < K; k++, outcome++) {
          const chance = chances[place + k], next = next_state[outcome], goesOn = !terminated[outcome];
          random += chance * (reward[outcome] + (goesOn ? before[next] : 0));
          value += chance * (reward[outcome] + (goesOn ? before[S + next] : 0));
        }
        after[s] += random / A;
        after[S + s] = best = Math.max(best, value);
      }
    }
  });
  return {random: startMean(kitchen, s => values[s]), optimum: startMean(kitchen, s => values[S + s])};
}

// The expected return of a learner's greedy policy, with its bounds: 0 percent is chance, 100 the optimum.
function score(learner) {
  const {kitchen, happiness, recorded} = learner;
  const isUsual = Object.keys(happiness).every(name => happiness[name] === kitchen.happiness[name]);
  learner.bounds ??= isUsual ? kitchen : boundsOf(kitchen, learner.score);
  const {random, optimum} = learner.bounds, span = optimum - random;
  const is = (mean_return, percent) => ({mean_return, random, optimum, percent});
  if (recorded !== undefined) return is(random + span * recorded / 100, recorded);
  const mean = evaluate(kitchen, learner.score, learner.greedy());
  return is(mean, span > 0 ? 100 * (1 - (optimum - mean) / span) : NaN);
}
