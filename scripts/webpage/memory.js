// Memory files: the project's safetensors files, byte for byte as `agent.save` of Python writes them.
// Uses data of texts.js, learner.js and exact.js. In JSON, whole numbers are BigInt: Python tells 1 from 1.0.

const MAX_BYTES = 1 << 22; // of a file, twice as much as the largest kitchen of a page needs
const LARGEST = 1e300; // of the numbers in a file: from larger ones, learning leads to infinity
const SPEC = ["id", "max_episode_steps", "order_enforce", "disable_env_checker", "additional_wrappers"];
const PRIMES = [];
for (let n = 2; PRIMES.length < 64; n++) if (PRIMES.every(prime => n % prime)) PRIMES.push(n);

// SHA-256 (FIPS 180-4) of bytes, in hexadecimal; the browser's own is missing on pages from plain http.
function sha256(bytes) {
  const fraction = root => root % 1 * 2 ** 32 | 0, turn = (word, by) => word >>> by | word << 32 - by;
  const hash = Int32Array.from(PRIMES.slice(0, 8), prime => fraction(Math.sqrt(prime)));
  const constants = Int32Array.from(PRIMES, prime => fraction(Math.cbrt(prime))), words = new Int32Array(64);
  const padded = new Uint8Array((bytes.length + 8 >> 6) + 1 << 6), view = new DataView(padded.buffer);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  for (let start = 0; start < padded.length; start += 64) {
    let [a, b, c, d, e, f, g, h] = hash;
    for (let i = 0; i < 64; i++) {
      const x = words[i - 15], y = words[i - 2];
      words[i] = i < 16 ? view.getInt32(start + 4 * i) : words[i - 16] + words[i - 7]
        + (turn(x, 7) ^ turn(x, 18) ^ x >>> 3) + (turn(y, 17) ^ turn(y, 19) ^ y >>> 10);
      const chosen = e & f ^ ~e & g, major = a & b ^ a & c ^ b & c;
      const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + chosen + constants[i] + words[i];
      [h, g, f, e] = [g, f, e, d + one | 0];
      [d, c, b, a] = [c, b, a, one + (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + major | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => hash[i] += word);
  }
  return Array.from(new Uint32Array(hash.buffer), word => word.toString(16).padStart(8, "0")).join("");
}

// A float as Python's repr writes it.
function pythonFloat(value) {
  const [digits, power] = value.toExponential().split("e"), [sign] = power;
  if (Object.is(value, -0)) return "-0.0";
  if (power > -5 && power < 16) return Number.isInteger(value) ? `${value}.0` : String(value);
  return `${digits}e${sign}${power.slice(1).padStart(2, "0")}`;
}

const isObject = value => value !== null && typeof value === "object" && !Array.isArray(value);
const plain = value => typeof value === "bigint" ? Number(value) : value;

// JSON as Python's json.dumps writes it.
function dumpJson(value, sorted = false) {
  const escaped = unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  if (typeof value === "number") return pythonFloat(value);
  if (typeof value === "string") return JSON.stringify(value).replace(/[^ -~]/g, escaped);
  if (Array.isArray(value)) return `[${value.map(part => dumpJson(part, sorted)).join(", ")}]`;
  if (!isObject(value)) return String(value);
  const keys = sorted ? Object.keys(value).sort() : Object.keys(value);
  return `{${keys.map(key => `${dumpJson(key)}: ${dumpJson(value[key], sorted)}`).join(", ")}}`;
}

function parseJson(source) {
  const mark = part => part[0] === '"' ? part : `"\\u0000${part}"`; // numbers as texts that begin with NUL
  const number = digits => /^-?\d{1,60}$/.test(digits) ? BigInt(digits) : Number(digits);
  const unmark = (_, part) => typeof part === "string" && part[0] === "\0" ? number(part.slice(1)) : part;
  return JSON.parse(source.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, mark), unmark);
}

// What a file says of a learner, beside its numbers.
function descriptionOf({kitchen, happiness, settings, random, notes, episode, num_episodes, num_timesteps}) {
  const {algorithm, seed, exploration_steps, ...rates} = settings, env = parseJson(kitchen.env);
  const {has_uint32, uinteger, ...state} = random, {obs, chosen, total, length} = episode ?? {};
  for (const [name, value] of Object.entries(happiness)) { // a file's own way to write one stays
    const isSaid = value === (plain(env.kwargs.happiness?.[name]) ?? kitchen.happiness[name]);
    if (!isSaid) env.kwargs.happiness = {...env.kwargs.happiness, [name]: value};
  }
  const counts = {exploration_steps: BigInt(exploration_steps), seed: seed === null ? null : BigInt(seed)};
  return {
    algorithm: CLASSES[algorithm], env: dumpJson(env), format_version: 1n, notes, versions: data.versions,
    hyperparameters: {...rates, ...counts}, num_episodes: BigInt(num_episodes),
    num_timesteps: BigInt(num_timesteps),
    progress: episode ? {episode: [BigInt(obs), BigInt(chosen), total, BigInt(length)]} : {},
    random_state: {bit_generator: "PCG64", has_uint32: BigInt(has_uint32), state, uinteger: BigInt(uinteger)},
  };
}

// The bytes of a file: the length of its header, the header with the description, the table [S, A].
function fileOf(description, {S, A}, numbers) {
  const encode = letters => new TextEncoder().encode(letters), described = dumpJson(description, true);
  const checksum = sha256(new Uint8Array([...encode(`${described}q_table <f8 (${S}, ${A})`), ...numbers]));
  const q_table = {dtype: "F64", shape: [S, A], data_offsets: [0, 8 * S * A]};
  const cookie_jar = dumpJson({...description, checksum}, true);
  const header = JSON.stringify({__metadata__: {cookie_jar}, q_table}), size = header.length + 7 & ~7;
  const length = new Uint8Array(BigUint64Array.of(BigInt(size)).buffer);
  return new Uint8Array([...length, ...encode(header.padEnd(size)), ...numbers]);
}

const saveMemory = learner =>
  fileOf(descriptionOf(learner), learner.kitchen, new Uint8Array(learner.table.buffer));

// The learner of a file, in one of the kitchens; its running episode goes on.
function openMemory(bytes, kitchens) {
  try {
    const start = 8 + Number(new DataView(bytes.slice(0, 8).buffer).getBigUint64(0, true));
    demand(Math.max(bytes.length, start) <= MAX_BYTES, "file");
    demand(start <= bytes.length, "file_cut");
    const header = JSON.parse(new TextDecoder("utf-8", {fatal: true}).decode(bytes.subarray(8, start)));
    const {__metadata__: {cookie_jar}, q_table: {shape: [S, A]}, ...others} = header;
    demand(Object.keys(others).length === 0, "file");
    const {checksum, ...found} = parseJson(cookie_jar), numbers = bytes.slice(start);
    demand(numbers.length === 8 * S * A, "file_cut");
    demand(found.format_version === 1n, "file_version", {found: String(found.format_version)});
    demand(fileOf(found, {S, A}, numbers).every((byte, i) => byte === bytes[i]), "file_checksum");
    const learner = learnerIn(found.env, kitchens), {kitchen, table} = learner;
    demand(S === kitchen.S && A === kitchen.A, "file_shape", {...kitchen, found: `${S} x ${A}`});
    table.set(new Float64Array(numbers.buffer));
    demand(table.every(value => Math.abs(value) <= LARGEST), "file_numbers", {limit: String(LARGEST)});
    restoreDescribed(learner, found);
    return learner;
  } catch (error) {
    demand(error.constructor === Error, "file"); // others, as a TypeError, come from a foreign file
    throw error;
  }
}

// A new learner in the environment of a file: one of the kitchens, perhaps with another happiness.
function learnerIn(source, kitchens) {
  const keyOf = ({kwargs: {happiness, ...kwargs}, ...spec}) =>
    dumpJson([kwargs, ...SPEC.map(part => spec[part])], true);
  const env = parseJson(source), all = Object.values(kitchens), given = env.kwargs.happiness ?? {};
  const kitchen = all.find(one => keyOf(parseJson(one.env)) === keyOf(env));
  const found = `${env.id} ${dumpJson(env.kwargs, true)}`, titles = all.map(({title}) => title);
  demand(kitchen, "file_kitchen", {found, kitchens: titles.join(", ")});
  demand(isObject(given), "file_happiness", {name: String(given)});
  const learner = new Learner({...kitchen, env: source}), {happiness, shaped} = kitchen;
  for (const name of Object.keys({...parseJson(kitchen.env).kwargs.happiness, ...given})) {
    const value = plain(given[name]), isFixed = shaped && value !== happiness[name]; // by the hints
    demand(Object.hasOwn(happiness, name) && name in given && !isFixed, "file_happiness", {name});
    learner.feel({...learner.happiness, [name]: checkedNumber(name, value, ...MILLION)});
  }
  return learner;
}

// Bring a learner into the state that a file describes; what it would describe in another way is refused.
function restoreDescribed(learner, found) {
  if ("acts" in found.progress) found.progress = {}; // of an agent that stepped; its next episode starts here
  const added = data.added.map(name => [name, data.defaults[name]]); // files of version 0.1 do not name them
  found.hyperparameters = {...Object.fromEntries(added), ...found.hyperparameters};
  const {env, versions, notes, hyperparameters: {seed, ...settings}, progress: {episode}} = found;
  settings.algorithm = Object.keys(CLASSES).find(name => CLASSES[name] === found.algorithm);
  for (const [name, value] of Object.entries(settings)) learner.set(name, plain(value));
  const most = 2 ** 53, isLarge = typeof seed === "bigint" && seed > most && seed <= MASK_128;
  learner.settings.seed = seed === null || isLarge ? seed : checkedSeed(plain(seed));
  const {state: {state, inc}, has_uint32, uinteger} = found.random_state, {S, A} = learner.kitchen;
  const half = {has_uint32: plain(has_uint32) & 1, uinteger: plain(uinteger) >>> 0};
  const random = {state: state & MASK_128, inc: inc & MASK_128, ...half};
  const [num_timesteps, num_episodes] = [found.num_timesteps, found.num_episodes].map(plain);
  const [obs, chosen, total, length] = (episode ?? [0, NO_ACTION, 0, 0]).map(plain);
  const counts = {
    steps: [num_timesteps, 0, most], episodes: [num_episodes, 0, num_timesteps],
    state: [obs, 0, S - 1], action: [chosen, NO_ACTION, A - 1], length: [length, 0, num_timesteps],
  };
  for (const [name, count] of Object.entries(counts)) checkedNumber(name, ...count, true);
  checkedNumber("total", total, -LARGEST, LARGEST);
  const running = episode ? {obs, chosen, total, length} : null;
  Object.assign(learner, {notes, opened: true, num_timesteps, num_episodes, random, episode: running});
  const described = dumpJson({...descriptionOf(learner), env, versions}, true);
  demand(isObject(notes) && described === dumpJson(found, true), "file_state");
}
