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

// What an action brings: the expected reward, and chances of the next states in the order of a sparse matrix.
function prospect({A, K, chances, next_state, terminated}, reward, s, action) {
  const weights = new Map();
  let gain = 0;
  for (let k = 0; k < K; k++) {
    const outcome = (s * A + action) * K + k, weight = chances[action * K + k], state = next_state[outcome];
    gain += weight * reward[outcome];
    if (weight > 0 && !terminated[outcome]) weights.set(state, (weights.get(state) ?? 0) + weight);
  }
  const next = Array.from(weights.keys()).sort((a, b) => a - b);
  return {gain, next, chances: next.map(state => weights.get(state))};
}

// The expected return of a policy, or of the best one, by dynamic programming: as many sweeps from 0 as an
// episode has actions, unless more time changes nothing.
function expectedReturn(kitchen, reward, policy = null) {
  const {S, A, time_limit, start_ends} = kitchen, all = Array.from(Array(A).keys());
  const prospects = Array.from(policy ? reachable(kitchen, policy) : Array(S).keys(), s =>
    [s, (policy ? [policy[s]] : all).map(action => prospect(kitchen, reward, s, action))]);
  let before = new Float64Array(S), values = new Float64Array(S), changes = true;
  for (let left = time_limit; left > 0 && changes; left--) {
    [before, values] = [values, before];
    changes = false;
    for (const [s, choices] of prospects) {
      values[s] = -Infinity;
      for (const {gain, next, chances} of choices) {
        let value = 0;
        for (let i = 0; i < next.length; i++) value += chances[i] * before[next[i]];
        values[s] = Math.max(values[s], value + gain);
      }
      changes ||= values[s] !== before[s];
    }
  }
  return start_ends.reduce((sum, end, s) => sum + (end - (start_ends[s - 1] ?? 0)) * values[s], 0);
}

// The expected returns of random actions, whose outcomes Python has counted, and of the best ones.
function boundsOf(kitchen, happiness) {
  const counts = Object.entries(kitchen.random_counts);
  const random = counts.reduce((sum, [name, count]) => sum + happiness[name] * count, 0);
  return {random, optimum: expectedReturn(kitchen, kitchen.rewards(happiness))};
}

// The expected return of a learner's greedy policy, with its bounds: 0 percent is chance, 100 the optimum. Of
// the snapshot of a finished run, Python has computed the percent.
function score(learner) {
  const {kitchen, happiness, recorded} = learner;
  const isUsual = JSON.stringify(happiness) === JSON.stringify(kitchen.happiness);
  const {random, optimum} = learner.bounds ??= isUsual ? kitchen : boundsOf(kitchen, happiness);
  const span = optimum - random, isExact = recorded === undefined;
  const mean_return =
    isExact ? expectedReturn(kitchen, learner.score, learner.greedy()) : random + span * recorded / 100;
  const percent = span > 0 ? 100 * (1 - (optimum - mean_return) / span) : NaN;
  return {random, optimum, mean_return, percent: isExact ? percent : recorded};
}
