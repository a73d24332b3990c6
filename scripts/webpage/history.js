// The past of a learner: each of its steps can be reached again, bit for bit, and a link holds all of them.

const MOST_POINTS = 128; // that are kept of the past; beyond, every second is dropped
const MOST_BYTES = 1 << 25; // of their tables
const FIRST_SPACING = 256; // steps between two points
const MOST_STEPS = 2e7; // of a link, which are learned again: a few seconds
const MOST_LETTERS = 8000; // of a link

class History {
  constructor(learner) {
    const {settings, happiness, num_timesteps, opened, table} = learner;
    Object.assign(this, {learner, spacing: FIRST_SPACING, points: [], changes: [], applied: 0, last: num_timesteps});
    this.start = opened || num_timesteps > 0 ? null : {...settings, ...happiness};
    this.most = Math.max(8, Math.min(MOST_POINTS, MOST_BYTES / table.byteLength));
    this.keep();
  }

  keep() {
    const {learner, applied} = this, {percent} = score(learner);
    this.points.push({step: learner.num_timesteps, percent, applied, snapshot: learner.snapshot()});
    if (this.points.length > this.most) {
      this.points = this.points.filter((_, i) => i % 2 === 0);
      this.spacing *= 2;
    }
    this.measure(percent);
  }

  // The percent of the last step, which ends the curve.
  measure(percent) {
    if (this.learner.num_timesteps === this.last) this.end = [this.last, percent];
  }

  get curve() {
    return [...this.points.map(({step, percent}) => [step, percent]), this.end];
  }

  // Learn, as new last steps: what came after the present step is dropped.
  learn(steps) {
    this.cut();
    for (let left = steps; left > 0;) {
      const part = Math.min(left, Math.max(this.spacing, Math.ceil(steps / 16)));
      this.learner.learn(part);
      this.last += part;
      left -= part;
      if (this.last - this.points.at(-1).step >= this.spacing) this.keep();
    }
  }

  step() {
    this.cut();
    this.last++;
    return this.learner.step();
  }

  // Change the learner by one of its methods "set", "edit" and "forget".
  change(method, ...words) {
    this.learner[method](...words);
    this.cut();
    this.changes.push([this.last, method, ...words]);
    this.applied++;
  }

  cut() {
    const {applied, learner: {num_timesteps}} = this;
    this.last = num_timesteps;
    this.changes.length = applied;
    this.points = this.points.filter(point => point.step <= num_timesteps && point.applied <= applied);
  }

  // Go to a step, after its changes: from the last point before it, the learner learns again.
  goTo(step) {
    checkedNumber("step", step, this.points[0].step, this.last, true);
    const {learner, changes} = this, point = this.points.findLast(one => one.step <= step);
    learner.restore(point.snapshot);
    this.applied = point.applied;
    for (; this.applied < changes.length && changes[this.applied][0] <= step; this.applied++) {
      const [when, method, ...words] = changes[this.applied];
      learner.learn(when - learner.num_timesteps);
      learner[method](...words);
    }
    learner.learn(step - learner.num_timesteps);
  }

  // The settings, the changes and the steps as the end of an address, for `fromLink`.
  link() {
    const {start, applied, learner: {kitchen, num_timesteps: steps}} = this;
    const name = Object.keys(data.kitchens).find(key => data.kitchens[key].env === kitchen.env);
    demand(start && name, "link_file");
    const usual = {...LEARNER_DEFAULTS, ...kitchen.happiness}, words = new URLSearchParams({kitchen: name});
    for (const [key, value] of Object.entries(start)) if (value !== usual[key]) words.set(key, value);
    words.set("steps", steps);
    if (applied) words.set("changes", JSON.stringify(this.changes.slice(0, applied)));
    words.set("check", this.check);
    const link = String(words);
    demand(steps <= MOST_STEPS && link.length <= MOST_LETTERS, "link_long", {steps: MOST_STEPS, letters: MOST_LETTERS});
    return link;
  }

  get check() {
    return sha256(new Uint8Array(this.learner.table.buffer)).slice(0, 8);
  }
}

// The histories and learners of a link; two have a "~" between them.
function fromLink(hash, kitchens) {
  try {
    const histories = hash.replace(/^#/, "").split("~", 2).map(link => {
      const pairs = new URLSearchParams(link), words = Object.fromEntries(pairs);
      const {kitchen, steps, changes = "[]", check, ...settings} = words;
      demand(link.length <= MOST_LETTERS && pairs.size === Object.keys(words).length, "link");
      for (const key of Object.keys(settings)) {
        if (key !== "algorithm") settings[key] = key === "seed" ? BigInt(settings[key]) : Number(settings[key]);
      }
      const history = new History(new Learner(Object.hasOwn(kitchens, kitchen) ? kitchens[kitchen] : null, settings));
      for (const [when, method, ...words] of [...JSON.parse(changes), [Number(steps)]]) {
        history.learn(checkedNumber("steps", when, history.last, MOST_STEPS, true) - history.last);
        if (method === "set" || method === "edit" || method === "forget") history.change(method, ...words);
        else demand(method === undefined, "link");
      }
      demand(check === history.check, "link");
      return history;
    });
    return {histories, learners: histories.map(({learner}) => learner)};
  } catch {
    throw new Error(text("page.errors.link"));
  }
}
