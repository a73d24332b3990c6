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

// Expected return, probability of success and number of actions of an episode, by dynamic programming.
function evaluate(kitchen, reward, policy) {
  const {A, K, chances, next_state, terminated, endings, time_limit} = kitchen;
  const best = endings.reduce((most, outcome) => Math.max(most, reward[outcome]), -Infinity);
  const states = reachable(kitchen, policy).sort((a, b) => a - b);
  const place = new Map(states.map((s, i) => [s, i])), gains = new Float64Array(3 * states.length);
  const follow = states.map((s, i) => {
    const weights = new Map();
    for (let k = 0, outcome = (s * A + policy[s]) * K; k < K; k++, outcome++) {
      const weight = chances[policy[s] * K + k], next = place.get(next_state[outcome]);
      gains[3 * i] += weight * reward[outcome];
      gains[3 * i + 1] += terminated[outcome] && reward[outcome] >= best - 1e-9 ? weight : 0; // a success
      gains[3 * i + 2] += weight;
      if (weight > 0 && !terminated[outcome]) weights.set(next, (weights.get(next) ?? 0) + weight);
    }
    return Array.from(weights).sort(([a], [b]) => a - b).flat(); // in the order of a sparse matrix
  });
  const totals = sweeps(time_limit, gains.length, (before, after) => {
    for (let i = 0; i < after.length; i++) {
      const row = follow[Math.floor(i / 3)];
      for (let n = 0; n < row.length; n += 2) after[i] += row[n + 1] * before[3 * row[n] + i % 3];
      after[i] += gains[i];
    }
  });
  const mean = part => startMean(kitchen, s => totals[3 * place.get(s) + part]);
  return {mean_return: mean(0), success: mean(1), length: mean(2)};
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

// The expected return of the best actions, or of random ones, by backward induction.
function induction({S, A, K, chances, next_state, terminated, time_limit, start_ends}, reward, random) {
  const values = sweeps(time_limit, S, (before, after) => {
    for (let s = 0, outcome = 0; s < S; s++) {
      let best = -Infinity, total = 0;
      for (let place = 0; place < A * K; place += K) {
        let value = 0;
        for (let k = 0; k < K; k++, outcome++) {
          const later = terminated[outcome] ? 0 : before[next_state[outcome]];
          value += chances[place + k] * (reward[outcome] + later);
        }
        total += value;
        if (value > best) best = value;
      }
      after[s] = random ? total / A : best;
    }
  });
  return startMean({start_ends}, s => values[s]);
}

const optimum = (kitchen, reward) => induction(kitchen, reward, false);
const randomValue = (kitchen, reward) => induction(kitchen, reward, true);
const boundsOf = (...of) => ({random: randomValue(...of), optimum: optimum(...of)});

// 0 is chance, 100 the optimum.
const percent = (value, random, best) => best > random ? 100 * (1 - (best - value) / (best - random)) : NaN;

// The evaluation of a learner's greedy policy, beside the random and the optimal return, and in percent.
function score(learner) {
  const {kitchen, happiness} = learner, found = evaluate(kitchen, learner.score, learner.greedy());
  const isUsual = Object.keys(happiness).every(name => happiness[name] === kitchen.happiness[name]);
  learner.bounds ??= isUsual ? kitchen : boundsOf(kitchen, learner.score);
  const {random, optimum: best} = learner.bounds;
  return {...found, random, optimum: best, percent: percent(found.mean_return, random, best)};
}
