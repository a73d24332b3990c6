// The past of a learner: each of its steps can be reached again, bit for bit, and a link holds all of them.

const MOST_POINTS = 128, MOST_BYTES = 1 << 25; // of the past and their tables: then every second is dropped
const LINK_LIMITS = {steps: 2e7, letters: 8000}; // a few seconds of learning, and the length of an address

class History {
  constructor(learner) {
    const {num_timesteps: last, opened, setup} = learner;
    Object.assign(this, {learner, last, spacing: 256, curve: [], changes: []});
    this.origin = opened || last > 0 ? null : setup;
    this.keep();
  }

  // Add the current state to the curve: its step, its percent, and a snapshot to come back to.
  keep() {
    const {learner, curve} = this, most = Math.min(MOST_POINTS, MOST_BYTES / learner.table.byteLength);
    curve.push([learner.num_timesteps, score(learner).percent, snapshotOf(learner)]);
    if (curve.length <= Math.max(8, most)) return;
    this.curve = curve.filter((_, i) => i % 2 === 0);
    this.spacing *= 2;
  }

  // Learn, and return the arithmetic of the last step; everything after the current step is dropped.
  learn(steps) {
    this.cut();
    this.last += steps;
    this.advance(this.last);
    return this.learner.seen;
  }

  // Change the learner by its method "set", "edit" or "forget".
  change(method, ...words) {
    this.learner[method](...words);
    this.cut();
    this.changes.push([this.last, method, ...words]);
    this.curve = this.curve.filter(([step]) => step < this.last); // snapshots are after all changes
    if (this.curve.length === 0) this.keep();
  }

  cut() {
    this.last = this.learner.num_timesteps;
    this.curve = this.curve.filter(([step]) => step <= this.last);
    this.changes = this.changes.filter(([step]) => step <= this.last);
  }

  // Learn up to a step, with the changes on the way.
  advance(end) {
    const {learner} = this, stride = Math.max(this.spacing, Math.ceil((end - learner.num_timesteps) / 16));
    const changes = this.changes.filter(([step]) => learner.num_timesteps < step && step <= end);
    for (const [step, method, ...words] of [...changes, [end]]) {
      while (learner.num_timesteps < step) {
        if (learner.num_timesteps >= this.curve.at(-1)[0] + this.spacing) this.keep();
        learner.learn(Math.min(step - learner.num_timesteps, stride));
      }
      if (method) learner[method](...words);
    }
  }

  // Go to a step, after its changes: from the last point before it, the learner learns again.
  goTo(step) {
    const [[first]] = this.curve, until = checkedNumber("step", step, first, this.last, true);
    Object.assign(this.learner, snapshotOf(this.curve.findLast(([kept]) => kept <= until)[2]));
    this.advance(step);
  }

  // The settings, the changes and the steps as the end of an address, for `fromLink`. The beginning of the
  // checksum of all numbers tells whether it leads to the same ones.
  link() {
    const {learner: {kitchen, table, num_timesteps: steps}, origin} = this;
    demand(origin, "link_file");
    const changes = this.changes.filter(([step]) => step <= steps), words = {...origin, steps};
    if (changes.length > 0) words.changes = JSON.stringify(changes);
    const check = sha256(new Uint8Array(table.buffer)).slice(0, 8);
    const link = String(new URLSearchParams({kitchen: kitchen.name, ...words, check}));
    demand(steps <= LINK_LIMITS.steps && link.length <= LINK_LIMITS.letters, "link_long", LINK_LIMITS);
    return link;
  }
}

// The histories of a link; two have a "~" between them. Each must lead to the same link again.
function fromLink(hash, kitchens) {
  try {
    return hash.replace("#", "").split("~", 2).map(link => {
      const words = new URLSearchParams(link.slice(0, LINK_LIMITS.letters));
      const {kitchen, steps, changes = "[]", check, ...settings} = Object.fromEntries(words);
      for (const key of Object.keys(settings)) if (key !== "algorithm") settings[key] = Number(settings[key]);
      demand(Object.hasOwn(kitchens, kitchen), "link");
      const history = new History(new Learner(kitchens[kitchen], settings));
      for (const [step, method, ...values] of [...JSON.parse(changes), [Number(steps)]]) {
        history.learn(checkedNumber("steps", step, history.last, LINK_LIMITS.steps, true) - history.last);
        if (["set", "edit", "forget"].includes(method)) history.change(method, ...values);
      }
      demand(String(words) === history.link(), "link");
      return history;
    });
  } catch {
    throw new Error(text("page.errors.link"));
  }
}

// A finished run, as a history that is only looked at: the numbers at each snapshot. See `runs.py`.
class Recording {
  constructor({kind, steps, percent, scale, settings: {initial_value = 0}}, kitchen, differences) {
    const learner = new Learner(kitchen, {initial_value}), sums = new Int16Array(learner.table.length);
    learner.probabilities = kind === "probabilities";
    this.curve = steps.map((step, i) => [step, percent[i], {
      recorded: percent[i],
      table: Float64Array.from(sums, (sum, j) => {
        sums[j] = sum + differences[i * sums.length + j];
        return sums[j] === -32768 ? initial_value : sums[j] * scale;
      }),
    }]);
    Object.assign(this, {learner, last: steps.at(-1)}).goTo(Infinity);
  }

  goTo(step) { // the last snapshot up to a step
    const [, , shown] = this.curve.findLast(([kept]) => kept <= step) ?? this.curve[0];
    Object.assign(this.learner, {...shown, num_timesteps: Math.min(step, this.last)});
  }

  learn(steps) { this.goTo(this.learner.num_timesteps + steps); }
}
