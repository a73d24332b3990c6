// Exact scores on the tables: of a policy (with the bits of agents/exact.py), of the optimum and of chance.

// The states that a policy can reach, in the order of the ways to them.
function reachable({A, K, chances, next_state, terminated, start_ends}, policy) {
  const states = new Set(start_ends.keys());
  for (const s of states) for (let k = 0; k < K; k++) { // also those that are added meanwhile
    const outcome = (s * A + policy[s]) * K + k;
    if (chances[policy[s] * K + k] > 0 && !terminated[outcome]) states.add(next_state[outcome]);
  }
  return Array.from(states);
}

// The numbers that decide greedy episodes: [state, action] from the start on.
function greedyWay(learner) {
  const policy = learner.greedy();
  return reachable(learner.kitchen, policy).map(s => [s, policy[s]]);
}

// The values [size] after as many sweeps from 0 as an episode has actions; more time may change nothing.
function sweeps(time_limit, size, sweep) {
  let before = null, values = new Float64Array(size);
  for (let left = time_limit; left > 0 && !before?.every((value, i) => value === values[i]); left--) {
    [before, values] = [values, new Float64Array(size)];
    sweep(before, values);
  }
  return values;
}

function startMean({start_ends}, values) {
  return start_ends.reduce((sum, end, s) => sum + (end - (start_ends[s - 1] ?? 0)) * values[s], 0);
}

// The expected return of a policy, by dynamic programming over the states that it can reach.
function evaluate(kitchen, reward, policy) {
  const {S, A, K, chances, next_state, terminated, time_limit} = kitchen;
  const rows = reachable(kitchen, policy).map(s => {
    const weights = new Map();
    let gain = 0;
    for (let k = 0, outcome = (s * A + policy[s]) * K; k < K; k++, outcome++) {
      const weight = chances[policy[s] * K + k], next = next_state[outcome];
      gain += weight * reward[outcome];
      if (weight > 0 && !terminated[outcome]) weights.set(next, (weights.get(next) ?? 0) + weight);
    }
    return [s, gain, Array.from(weights).sort(([a], [b]) => a - b)]; // in the order of a sparse matrix
  });
  return startMean(kitchen, sweeps(time_limit, S, (before, after) => {
    for (const [s, gain, follow] of rows) {
      for (const [next, weight] of follow) after[s] += weight * before[next];
      after[s] += gain;
    }
  }));
}

// The expected returns of random actions, whose outcomes Python has counted, and of the best ones.
function boundsOf(kitchen, happiness) {
  const {S, A, K, chances, next_state, terminated, time_limit, random_counts} = kitchen;
  const reward = kitchen.rewards(happiness), best = sweeps(time_limit, S, (before, after) => {
    after.fill(-Infinity);
    for (let place = 0, outcome = 0; place < S * A; place++) {
      let value = 0;
      for (let k = 0; k < K; k++, outcome++) {
        const follows = terminated[outcome] ? 0 : before[next_state[outcome]];
        value += chances[place % A * K + k] * (reward[outcome] + follows);
      }
      after[Math.floor(place / A)] = Math.max(after[Math.floor(place / A)], value);
    }
  });
  const random = Object.keys(happiness).reduce((sum, name) => sum + happiness[name] * random_counts[name], 0);
  return {random, optimum: startMean(kitchen, best)};
}

// The expected return of a learner's greedy policy, with its bounds: 0 percent is chance, 100 the optimum.
function score(learner) {
  const {kitchen, happiness, recorded, score: reward} = learner;
  const isUsual = JSON.stringify(happiness) === JSON.stringify(kitchen.happiness);
  learner.bounds ??= isUsual ? kitchen : boundsOf(kitchen, happiness);
  const {random, optimum} = learner.bounds, span = optimum - random;
  const isExact = recorded === undefined; // otherwise, what Python has computed for a snapshot
  const mean_return = isExact ? evaluate(kitchen, reward, learner.greedy()) : random + span * recorded / 100;
  const percent = span > 0 ? 100 * (1 - (optimum - mean_return) / span) : NaN;
  return {random, optimum, mean_return, percent: isExact ? percent : recorded};
}
