// Memory files: the project's safetensors files, byte for byte as `agent.save` of Python writes them.
// Uses data and text() of texts.js, and learner.js. In JSON, whole numbers are BigInt, as Python tells 1 from 1.0.

const CLASSES = {"q-learning": "QLearning", sarsa: "Sarsa", "expected-sarsa": "ExpectedSarsa"};
const FORMAT_VERSION = 1n;
const MAX_HEADER_BYTES = 1 << 22;
const OLD_SETTINGS = {exploration_bonus: 0, initial_value: 0}; // of files of version 0.1, which do not name them
const PRIMES = [];
for (let n = 2; PRIMES.length < 64; n++) if (PRIMES.every(prime => n % prime)) PRIMES.push(n);

function demand(condition, key, values) {
  if (!condition) throw new Error(text(`page.errors.${key}`, values));
}

// SHA-256 (FIPS 180-4) of bytes, in hexadecimal; the browser's own is missing on pages from plain http.
function sha256(bytes) {
  const fraction = root => root % 1 * 2 ** 32 | 0, turn = (word, by) => word >>> by | word << 32 - by;
  const hash = Int32Array.from(PRIMES.slice(0, 8), prime => fraction(Math.sqrt(prime)));
  const constants = Int32Array.from(PRIMES, prime => fraction(Math.cbrt(prime)));
  const padded = new Uint8Array((bytes.length + 8 >> 6) + 1 << 6), view = new DataView(padded.buffer);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  const words = new Int32Array(64);
  for (let start = 0; start < padded.length; start += 64) {
    let [a, b, c, d, e, f, g, h] = hash;
    for (let i = 0; i < 64; i++) {
      const x = words[i - 15], y = words[i - 2];
      words[i] = i < 16 ? view.getInt32(start + 4 * i) : words[i - 16] + words[i - 7]
        + (turn(x, 7) ^ turn(x, 18) ^ x >>> 3) + (turn(y, 17) ^ turn(y, 19) ^ y >>> 10);
      const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g) + constants[i] + words[i] | 0;
      const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c);
      h = g; g = f; f = e; e = d + one | 0;
      d = c; c = b; b = a; a = one + two | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => hash[i] += word);
  }
  return Array.from(new Uint32Array(hash.buffer), word => word.toString(16).padStart(8, "0")).join("");
}

// A float as Python's repr writes it.
function pythonFloat(value) {
  const [digits, power] = value.toExponential().split("e").map(String), sign = power[0];
  if (Object.is(value, -0)) return "-0.0";
  if (Number(power) > -5 && Number(power) < 16) return Number.isInteger(value) ? `${value}.0` : String(value);
  return `${digits}e${sign}${power.slice(1).padStart(2, "0")}`;
}

// JSON as Python's json.dumps writes it.
function dumpJson(value, sorted) {
  if (typeof value === "number") return pythonFloat(value);
  if (typeof value === "string") {
    const escaped = unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
    return JSON.stringify(value).replace(/[^ -~]/g, escaped);
  }
  if (Array.isArray(value)) return `[${value.map(part => dumpJson(part, sorted)).join(", ")}]`;
  if (value === null || typeof value !== "object") return String(value);
  const keys = sorted ? Object.keys(value).sort() : Object.keys(value);
  return `{${keys.map(key => `${dumpJson(key)}: ${dumpJson(value[key], sorted)}`).join(", ")}}`;
}

// The value of a text that json.dumps wrote; another text is refused, also one with a key twice or NaN.
function parseJson(source, sorted) {
  const mark = part => part[0] === '"' ? part : `"\\u0000${part}"`; // numbers as texts that begin with NUL
  const number = digits => /^-?\d{1,60}$/.test(digits) ? BigInt(digits) : Number(digits);
  const value = JSON.parse(
    source.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, mark),
    (_, part) => typeof part === "string" && part[0] === "\0" ? number(part.slice(1)) : part,
  );
  demand(dumpJson(value, sorted) === source, "file");
  return value;
}

// The environment's spec as Python writes it, with the happiness that was changed.
function envText({kitchen, happiness}) {
  const changed = Object.keys(happiness).filter(name => happiness[name] !== kitchen.happiness[name]);
  if (changed.length === 0) return kitchen.env;
  const env = parseJson(kitchen.env, false);
  env.kwargs.happiness = {...env.kwargs.happiness};
  for (const name of changed) env.kwargs.happiness[name] = happiness[name];
  return dumpJson(env, false);
}

function checksum(description, {S, A}, numbers) {
  const head = new TextEncoder().encode(`${dumpJson(description, true)}q_table <f8 (${S}, ${A})`);
  const bytes = new Uint8Array(head.length + numbers.length);
  bytes.set(head);
  bytes.set(numbers, head.length);
  return sha256(bytes);
}

function headerText(described, {S, A}) {
  const table = {dtype: "F64", shape: [S, A], data_offsets: [0, 8 * S * A]};
  return JSON.stringify({__metadata__: {cookie_jar: described}, q_table: table});
}

// What a file says of a learner, beside its numbers.
function describe({kitchen, settings, happiness, random, notes, episode, ...counts}) {
  const {algorithm, seed, exploration_steps, ...rates} = settings, {has_uint32, uinteger, ...state} = random.snapshot();
  const {obs, chosen, total, length} = episode ?? {};
  return {
    algorithm: CLASSES[algorithm], env: envText({kitchen, happiness}), format_version: FORMAT_VERSION, notes,
    hyperparameters: {
      ...OLD_SETTINGS, ...rates, exploration_steps: BigInt(exploration_steps), seed: seed === null ? null : BigInt(seed),
    },
    num_episodes: BigInt(counts.num_episodes), num_timesteps: BigInt(counts.num_timesteps),
    progress: episode === null ? {} : {episode: [BigInt(obs), BigInt(chosen), total, BigInt(length)]},
    random_state: {bit_generator: "PCG64", has_uint32: BigInt(has_uint32), state, uinteger: BigInt(uinteger)},
    versions: data.versions,
  };
}

function saveMemory(learner) {
  const description = describe(learner), {kitchen, table} = learner, numbers = new Uint8Array(table.buffer);
  const described = dumpJson({...description, checksum: checksum(description, kitchen, numbers)}, true);
  const header = headerText(described, kitchen), padded = header.padEnd(Math.ceil(header.length / 8) * 8);
  const bytes = new Uint8Array(8 + padded.length + numbers.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded.length), true);
  bytes.set(new TextEncoder().encode(padded), 8);
  bytes.set(numbers, 8 + padded.length);
  return bytes;
}

// The learner of a file, in one of the kitchens; its running episode goes on.
function openMemory(bytes, kitchens) {
  try {
    const {found, shape, numbers} = unpackMemory(bytes);
    const kitchen = kitchenOf(parseJson(found.env, false), Object.values(kitchens));
    demand(dumpJson(shape) === `[${kitchen.S}, ${kitchen.A}]`, "file_shape", {...kitchen, found: dumpJson(shape)});
    const table = new Float64Array(numbers.slice().buffer), learner = new Learner(kitchen);
    demand(table.every(Number.isFinite), "file_numbers");
    restoreDescribed(learner, found);
    learner.table.set(table);
    return learner;
  } catch (error) {
    if (error.constructor === Error) throw error;
    throw new Error(text("page.errors.file")); // what a file of another kind leads to, as a TypeError
  }
}

// The description, the shape and the bytes of the numbers of a file that is not damaged.
function unpackMemory(bytes) {
  const size = Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getBigUint64(0, true)), start = 8 + size;
  demand(size <= MAX_HEADER_BYTES && start <= bytes.length, "file_cut");
  const header = new TextDecoder("utf-8", {fatal: true}).decode(bytes.subarray(8, start)).replace(/ +$/, "");
  const {__metadata__: {cookie_jar: described}, q_table: {shape: [S, A]}} = JSON.parse(header);
  demand(headerText(described, {S, A}) === header, "file");
  demand(bytes.length === start + 8 * S * A, "file_cut");
  const {checksum: sum, ...found} = parseJson(described, true), numbers = bytes.subarray(start);
  demand(found.format_version === FORMAT_VERSION, "file_version", {found: String(found.format_version)});
  demand(sum === checksum(found, {S, A}, numbers), "file_checksum");
  return {found, shape: [BigInt(S), BigInt(A)], numbers};
}

// The kitchen of an environment, perhaps with another happiness.
function kitchenOf(env, kitchens) {
  const own = ({kwargs: {happiness, ...kwargs}, ...fields}) => dumpJson([
    kwargs, fields.id, fields.max_episode_steps, fields.order_enforce, fields.disable_env_checker,
    fields.additional_wrappers,
  ], true);
  const kitchen = kitchens.find(({env: source}) => own(parseJson(source, false)) === own(env));
  demand(kitchen, "file_kitchen", {found: String(env.id), kitchens: kitchens.map(({title}) => title).join(", ")});
  if (!("happiness" in env.kwargs)) return kitchen;
  const spec = parseJson(kitchen.env, false), happiness = {...kitchen.happiness};
  for (const [name, value] of Object.entries(env.kwargs.happiness ?? {})) {
    demand(Object.hasOwn(happiness, name) && ["bigint", "number"].includes(typeof value), "file_happiness", {name});
    happiness[name] = checkedNumber(name, Number(value), -MAX_NUMBER, MAX_NUMBER);
  }
  spec.kwargs.happiness = env.kwargs.happiness;
  const reward = kitchen.rewards(happiness);
  return {
    ...kitchen, env: dumpJson(spec, false), happiness, reward, random: randomValue(kitchen, reward),
    optimum: optimum(kitchen, reward),
  };
}

// Bring a learner into the state that a file describes.
function restoreDescribed(learner, found) {
  const {seed, exploration_bonus, ...settings} = {...OLD_SETTINGS, ...found.hyperparameters};
  demand(sameKeys({...LEARNER_DEFAULTS, exploration_bonus}, {...settings, seed, exploration_bonus, algorithm: ""}), "file");
  const algorithm = Object.keys(CLASSES).find(name => CLASSES[name] === found.algorithm);
  demand(algorithm && exploration_bonus === 0, "file");
  for (const [name, value] of Object.entries({...settings, algorithm})) {
    learner.set(name, typeof value === "bigint" ? Number(value) : value);
  }
  learner.settings.seed = seed === null ? null : checkedSeed(seed);
  const {random_state: {state, has_uint32, uinteger}, notes, progress} = found;
  learner.random.restore({...state, has_uint32: Number(has_uint32), uinteger: Number(uinteger)});
  for (const name of ["num_timesteps", "num_episodes"]) {
    learner[name] = checkedNumber(name, Number(found[name]), 0, 2 ** 53, true);
  }
  if ("episode" in progress && !("acts" in progress)) { // otherwise a new episode starts, as in Python
    const [obs, chosen, total, length] = progress.episode.map(Number), {S, A} = learner.kitchen;
    checkedNumber("state", obs, 0, S - 1, true);
    checkedNumber("action", chosen, -1, A - 1, true);
    checkedNumber("length", length, 0, learner.num_timesteps, true);
    learner.episode = {obs, chosen, total, length};
  }
  Object.assign(learner, {notes, opened: true});
  const mine = describe(learner), told = {...found, progress: learner.episode === null ? {} : progress};
  demand(sameKeys(mine, told) && sameKeys(notes, {...notes}), "file");
  for (const name of ["num_timesteps", "num_episodes", "notes", "progress", "random_state"]) {
    demand(dumpJson(mine[name], true) === dumpJson(told[name], true), "file_state", {name});
  }
}

function sameKeys(mine, other) {
  return Object.keys(mine).sort().join() === Object.keys(other).sort().join();
}
