// Random numbers: NumPy's default_rng(seed), that is SeedSequence and PCG64 (XSL-RR), to the last bit.
// A generator is an object in the form of NumPy's bit_generator.state; two of its numbers are BigInt.

const MASK_128 = (1n << 128n) - 1n, PCG_MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645n;
const partsOf128 = (number, Parts) => new Parts(BigUint64Array.of(number, number >> 64n).buffer);
const numberOf = words => words.reduceRight((sum, word) => sum << 32n | BigInt(word), 0n);

// The eight 32-bit words of numpy.random.SeedSequence(seed).generate_state(8), for a seed of up to 128 bits.
function seedWords(seed) {
  let factor = 0x43b0d7e5;
  const hash = (word, multiplier) => {
    const mixed = word ^ factor;
    factor = Math.imul(factor, multiplier);
    return Math.imul(mixed, factor) ^ Math.imul(mixed, factor) >>> 16;
  };
  const pool = partsOf128(BigInt(seed), Uint32Array).map(word => hash(word, 0x931e8875));
  for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) if (i !== j) {
    const mixed = Math.imul(0xca01f9dd, pool[j]) - Math.imul(0x4973f715, hash(pool[i], 0x931e8875)) | 0;
    pool[j] = mixed ^ mixed >>> 16;
  }
  factor = 0x8b51f9dd;
  return Uint32Array.of(...pool, ...pool).map(word => hash(word, 0x58f38ded));
}

function seededRandom(seed) {
  const [a, b, c, d, e, f, g, h] = seedWords(seed), inc = (numberOf([g, h, e, f]) << 1n | 1n) & MASK_128;
  const state = (inc + numberOf([c, d, a, b])) * PCG_MULTIPLIER + inc & MASK_128;
  return {state, inc, has_uint32: 0, uinteger: 0};
}

// rng.integers(2**31): it draws half of a 64-bit word, and keeps the other half for the next call.
function integer31(random) {
  const {has_uint32, uinteger} = random;
  const [high, low] = has_uint32 ? [uinteger, uinteger] : fillRandom(random, new Float64Array(1));
  Object.assign(random, {has_uint32: 1 - has_uint32, uinteger: high >>> 0});
  return low >>> 1;
}

// Fill an array with doubles in [0, 1), as rng.random; return the two halves of the last 64-bit word.
function fillRandom(random, doubles) {
  const [i0, i1, i2, i3, i4, i5] = partsOf128(random.inc, Uint16Array), i67 = Number(random.inc >> 96n);
  const {floor} = Math;
  let [w0, w1, w2, w3] = partsOf128(random.state, Uint32Array), high = 0, low = 0;
  for (let n = 0; n < doubles.length; n++) {
    // state * multiplier + inc in columns of 16 bits: sums of 32 times 16 bits are exact in doubles.
    const c0 = w0 * 0xf645 + i0;
    const c1 = w0 * 0x9fcc + i1 + floor(c0 / 65536);
    const c2 = w0 * 0xdf64 + w1 * 0xf645 + i2 + floor(c1 / 65536);
    const c3 = w0 * 0x4385 + w1 * 0x9fcc + i3 + floor(c2 / 65536);
    const c4 = w0 * 0x5da4 + w1 * 0xdf64 + w2 * 0xf645 + i4 + floor(c3 / 65536);
    const c5 = w0 * 0x1fc6 + w1 * 0x4385 + w2 * 0x9fcc + i5 + floor(c4 / 65536);
    const product = Math.imul(w0, 0x2360ed05) + Math.imul(w1, 0x1fc65da4) + Math.imul(w2, 0x4385df64);
    w3 = product + Math.imul(w3, 0x9fccf645) + i67 + floor(c5 / 65536) >>> 0; // needed modulo 2^32
    w0 = (c1 << 16 | c0 & 0xffff) >>> 0;
    w1 = (c3 << 16 | c2 & 0xffff) >>> 0;
    w2 = (c5 << 16 | c4 & 0xffff) >>> 0;
    // The output: both halves of the state xored, rotated to the right by its six highest bits.
    const x = w0 ^ w2, y = w1 ^ w3, swap = (x ^ y) & -(w3 >>> 31), right = w3 >>> 26 & 31;
    low = (x ^ swap) >>> right | (y ^ swap) << 1 << 31 - right;
    high = (y ^ swap) >>> right | (x ^ swap) << 1 << 31 - right;
    doubles[n] = ((high >>> 0) * 2097152 + (low >>> 11)) / 9007199254740992;
  }
  random.state = numberOf([w0, w1, w2, w3]);
  return [high, low];
}
