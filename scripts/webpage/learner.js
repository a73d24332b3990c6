// Q-learning, SARSA and Expected SARSA on the exact tables of a kitchen, with the bits of the Python agents.
// Uses data and text() of texts.js, random.js, and greedyWay() of exact.js.

const BLOCK = 4096; // steps whose random numbers are drawn together; does not change the result
const DRAWS = new Float64Array(4 * BLOCK); // the random numbers
const NO_ACTION = -1; // no action chosen in advance
const CLASSES = {"q-learning": "QLearning", sarsa: "Sarsa", "expected-sarsa": "ExpectedSarsa"};
const MILLION = [-1e6, 1e6]; // of happiness, and of numbers that are edited

function demand(condition, key, values) {
  if (!condition) throw new Error(text(`page.errors.${key}`, values));
}

function checkedNumber(name, value, low, high, whole = false) {
  const inside = typeof value === "number" && low <= value && value <= high, key = whole ? "whole" : "number";
  const found = value === "" || Number.isNaN(value) ? text("page.errors.none") : String(value);
  const words = {name: data.texts?.page.setting_names[name] ?? name, low, high, found};
  demand(inside && (!whole || Number.isInteger(value)), key, words);
  return value + 0; // not -0
}

const checkedSeed = seed => checkedNumber("seed", seed, ...data.ranges.seed);

async function inflate(base64) {
  const {body} = new Response(Uint8Array.from(atob(base64), letter => letter.charCodeAt(0)));
  return new Response(body.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
}

// A kitchen with its tables as arrays [S, A, K]; see `_packed` of kitchens.py.
function loadKitchen(kitchen) {
  const {S, A, K, states, starts, shaped} = kitchen, size = S * A * K;
  const codeOf = state => Object.keys(states).reduceRight((sum, part) => sum * 1000 + state(part), 0);
  const codes = states.child.map((_, s) => codeOf(part => states[part][s]));
  const numbers = new Map(codes.map((code, s) => [code, s]));
  const sorted = Array.from(codes.keys()).sort((s, t) => codes[s] - codes[t]);
  const next_state = new Int32Array(size), event = new Uint8Array(size);
  kitchen.moves.forEach((move, i) => {
    const rank = i % S, outcome = sorted[rank] * A * K + Math.floor(i / S);
    next_state[outcome] = sorted[rank + move];
    event[outcome] = kitchen.event[i];
  });
  return {
    ...kitchen, next_state, event, terminated: event.map(number => number === data.events.length - 1),
    chances: Float64Array.from(kitchen.chances ?? Array(A).fill(1)), // of the outcomes [A, K]
    ends: Float64Array.from(kitchen.ends), start_ends: Float64Array.from(starts),
    shaped: shaped && Float64Array.from(shaped), // rewards with hints
    numberOf: state => numbers.get(codeOf(part => state[part])) ?? -1,
    rewards: happiness => Float64Array.from(event, number => happiness[data.event_happiness[number]]),
  };
}

function epsilonAt(step, settings) {
  const {exploration_steps: steps, exploration_initial_eps: initial, exploration_final_eps: final} = settings;
  return step >= steps ? final : initial + (final - initial) * (step / steps);
}

function bestOf(table, row, actions) {
  let best = table[row];
  for (let action = 1; action < actions; action++) if (table[row + action] > best) best = table[row + action];
  return best;
}

// An epsilon-greedy action in the row of the table that begins at `row`; ties are broken at random.
// A single random number chooses: below epsilon among all actions, otherwise among the best.
function choose(table, row, actions, epsilon, random) {
  if (random < epsilon) return Math.min(Math.floor(random / epsilon * actions), actions - 1);
  const best = bestOf(table, row, actions);
  let ties = 0, action = 0;
  for (let place = row; place < row + actions; place++) if (table[place] === best) ties++;
  let skip = ties === 1 ? 0 : Math.min(Math.floor((random - epsilon) / (1 - epsilon) * ties), ties - 1);
  while (table[row + action] !== best || skip-- > 0) action++;
  return action;
}

// What a method expects of the next state, before the discount.
function nextValue(table, row, actions, algorithm, chosen, epsilon) {
  if (algorithm === "sarsa") return table[row + chosen];
  const best = bestOf(table, row, actions);
  if (algorithm === "q-learning") return best;
  let total = 0;
  for (let action = 0; action < actions; action++) total += table[row + action];
  return (1 - epsilon) * best + epsilon * total / actions;
}

function pick(ends, first, random) {
  let k = 0;
  while (random >= ends[first + k]) k++;
  return k;
}

// All that a learner is at a step, to assign to the learner later. Other objects are replaced, not changed.
function snapshotOf(learner) {
  const {table, settings, random} = learner;
  return {...learner, table: table.slice(), settings: {...settings}, random: {...random}};
}

class Learner {
  constructor(kitchen, {seed = data.defaults.seed, ...settings} = {}) {
    Object.assign(this, {kitchen, notes: {}, num_timesteps: 0, num_episodes: 0, episode: null});
    this.settings = {...data.defaults, seed: checkedSeed(seed)};
    this.feel(kitchen.happiness);
    for (const [key, value] of Object.entries(settings)) this.set(key, value);
    this.table = new Float64Array(kitchen.S * kitchen.A).fill(this.settings.initial_value);
    this.random = seededRandom(this.settings.seed);
  }

  feel(happiness) {
    const score = this.kitchen.rewards(happiness); // what returns add up, without hints
    Object.assign(this, {happiness, score, reward: this.kitchen.shaped ?? score, bounds: null});
  }

  get epsilon() { return epsilonAt(this.num_timesteps, this.settings); }

  get setup() { // the settings that are not the usual ones, for another learner like this one
    const {kitchen, settings, happiness} = this, usual = {...data.defaults, ...kitchen.happiness};
    const all = Object.entries({...settings, ...happiness});
    return Object.fromEntries(all.filter(([key, value]) => value !== usual[key] && value !== null));
  }

  // Learn from more steps; `seen` is the arithmetic of the last one.
  learn(steps) {
    const {K, start_ends} = this.kitchen, chance = K > 1 || start_ends.length > 1;
    if (this.episode === null) {
      integer31(this.random); // Python seeds its environment with this number, and needs none for tables
      fillRandom(this.random, DRAWS.subarray(0, chance ? 1 : 0));
      const obs = pick(start_ends, 0, chance ? DRAWS[0] : 0);
      this.episode = {obs, chosen: NO_ACTION, total: 0, length: 0};
    }
    const width = chance ? 4 : this.settings.algorithm === "sarsa" ? 2 : 1; // random numbers of a step
    for (; steps > 0; steps -= BLOCK) {
      const draws = DRAWS.subarray(0, Math.min(steps, BLOCK) * width);
      fillRandom(this.random, draws);
      this.learnFrom(draws, width);
    }
  }

  learnFrom(draws, width) {
    const {A, K, next_state, terminated, ends, start_ends, time_limit, event} = this.kitchen;
    const {table, reward, score, settings} = this, {algorithm, learning_rate, gamma} = settings;
    const last = draws.length - width;
    let {obs, chosen, total, length} = this.episode, step = this.num_timesteps;
    for (let n = 0; n <= last; n += width, step++) {
      const epsilon = epsilonAt(step, settings), known = chosen !== NO_ACTION;
      const action = known ? chosen : choose(table, obs * A, A, epsilon, draws[n]);
      const place = obs * A + action, k = K > 1 ? pick(ends, action * K, draws[n + 2]) : 0;
      const outcome = place * K + k, next_obs = next_state[outcome], over = terminated[outcome] === 1;
      const choosesNext = algorithm === "sarsa" && !over;
      chosen = choosesNext ? choose(table, next_obs * A, A, epsilon, draws[n + 1]) : NO_ACTION;
      const best_next = over ? 0 : nextValue(table, next_obs * A, A, algorithm, chosen, epsilon);
      const target = over ? reward[outcome] : reward[outcome] + gamma * best_next, before = table[place];
      table[place] = before + learning_rate * (target - before);
      total += score[outcome];
      length++;
      const stop = over || length === time_limit;
      if (n === last) {
        this.seen = { // `explored` is null if SARSA chose the action a step earlier
          obs, action, explored: known ? null : draws[n] < epsilon, reward: reward[outcome],
          event: event[outcome], next_obs, terminated: over, ended: stop, epsilon, best_next,
          next_action: chosen, before, target, learning_rate, gamma, after: table[place], total, length,
        };
      }
      obs = next_obs;
      if (stop) {
        this.num_episodes++;
        obs = pick(start_ends, 0, width === 4 ? draws[n + 3] : 0);
        chosen = NO_ACTION;
        total = length = 0;
      }
    }
    Object.assign(this, {episode: {obs, chosen, total, length}, num_timesteps: step});
  }

  // Change a setting or a happiness from the next step on; "exploration" is its initial and final value.
  set(key, value) {
    if (key === "exploration") {
      for (const end of ["initial", "final"]) this.set(`exploration_${end}_eps`, value);
    } else if (Object.hasOwn(this.happiness, key) && !this.kitchen.shaped) {
      this.feel({...this.happiness, [key]: checkedNumber(key, value, ...MILLION)});
    } else {
      const isName = key === "algorithm" && Object.hasOwn(CLASSES, value), {seed, ...ranges} = data.ranges;
      demand(isName || Object.hasOwn(ranges, key), "setting", {name: String(key), found: String(value)});
      this.settings[key] = isName ? value : checkedNumber(key, value, ...ranges[key]);
    }
  }

  edit(state, action, value) {
    checkedNumber("state", state, 0, this.kitchen.S - 1, true);
    checkedNumber("action", action, 0, this.kitchen.A - 1, true);
    this.table[state * this.kitchen.A + action] = checkedNumber("value", value, ...MILLION);
  }

  // Set numbers back to the initial value: "all but greedy way", or a share of all, from 0 to 1, namely those
  // with the smallest of the numbers that default_rng(seed).random(S A) draws.
  forget(which, seed = 0) {
    const {table, settings: {initial_value}, kitchen: {A}} = this, draws = new Float64Array(table.length);
    const kept = which === "all but greedy way" ? greedyWay(this).map(([s, action]) => s * A + action) : [];
    const share = kept.length ? 1 : checkedNumber("share", which, 0, 1);
    fillRandom(seededRandom(checkedSeed(seed)), draws);
    for (const place of kept) draws[place] = Infinity;
    const limit = draws.toSorted()[Math.round(share * draws.length)] ?? 1;
    draws.forEach((draw, place) => { if (draw < limit) table[place] = initial_value; });
  }

  // The best action of each state, the first of several.
  greedy() {
    const {table, kitchen: {S, A}} = this;
    return Uint8Array.from({length: S}, (_, s) => table.indexOf(bestOf(table, s * A, A), s * A) - s * A);
  }
}
