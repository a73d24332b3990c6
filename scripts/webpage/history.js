// The past of a learner: each of its steps can be reached again, bit for bit, and a link holds all of them.

const MOST_POINTS = 128, MOST_BYTES = 1 << 25; // of the past and their tables: then every second is dropped
const LINK_LIMITS = {steps: 2e7, letters: 8000}; // a few seconds of learning, and the length of an address

class History {
  constructor(learner) {
    const {settings, happiness, num_timesteps: last, opened} = learner;
    Object.assign(this, {learner, last, spacing: 256, points: [], changes: [], applied: 0});
    this.origin = opened || last > 0 ? null : {...settings, ...happiness};
    this.keep();
  }

  keep() {
    const {learner, last, applied, points} = this, {percent} = score(learner);
    points.push({step: last, percent, applied, snapshot: learner.snapshot()});
    if (points.length > Math.max(8, Math.min(MOST_POINTS, MOST_BYTES / learner.table.byteLength))) {
      this.points = points.filter((_, i) => i % 2 === 0);
      this.spacing *= 2;
    }
    this.measure(percent);
  }

  // Add the percent of the present step to the curve, until the next one is measured.
  measure(percent) { this.now = [this.learner.num_timesteps, percent]; }

  get curve() {
    return [...this.points.map(({step, percent}) => [step, percent]), this.now].sort(([a], [b]) => a - b);
  }

  // Learn; what came after the present step is dropped.
  learn(steps) {
    this.cut();
    for (const end = this.last + steps; this.last < end;) {
      this.learner.learn(Math.min(end - this.last, Math.max(this.spacing, Math.ceil(steps / 16))));
      this.last = this.learner.num_timesteps;
      if (this.last - this.points.at(-1).step >= this.spacing) this.keep();
    }
  }

  step() {
    this.cut();
    this.last++;
    return this.learner.step();
  }

  // Change the learner by its method "set", "edit" or "forget".
  change(method, ...words) {
    this.learner[method](...words);
    this.cut();
    this.applied = this.changes.push([this.last, method, ...words]);
  }

  cut() {
    this.last = this.learner.num_timesteps;
    this.changes.length = this.applied;
    this.points = this.points.filter(({step, applied}) => step <= this.last && applied <= this.applied);
  }

  // Go to a step, after its changes: from the last point before it, the learner learns again.
  goTo(step) {
    checkedNumber("step", step, this.points[0].step, this.last, true);
    const {learner, changes} = this, point = this.points.findLast(one => one.step <= step);
    learner.restore(point.snapshot);
    for (this.applied = point.applied; changes[this.applied]?.[0] <= step; this.applied++) {
      const [when, method, ...words] = changes[this.applied];
      learner.learn(when - learner.num_timesteps);
      learner[method](...words);
    }
    learner.learn(step - learner.num_timesteps);
  }

  // The settings, the changes and the steps as the end of an address, for `fromLink`. The beginning of the
  // checksum of all numbers tells whether it leads to the same ones.
  link() {
    const {learner: {kitchen, num_timesteps: steps}, changes, applied, origin, check} = this;
    const name = Object.keys(data.kitchens).find(key => data.kitchens[key].env === kitchen.env);
    demand(origin && name, "link_file");
    const usual = {...LEARNER_DEFAULTS, ...kitchen.happiness}, words = {...origin, steps};
    for (const key of Object.keys(words)) if (words[key] === usual[key]) delete words[key];
    if (applied) words.changes = JSON.stringify(changes.slice(0, applied));
    const link = String(new URLSearchParams({kitchen: name, ...words, check}));
    demand(steps <= LINK_LIMITS.steps && link.length <= LINK_LIMITS.letters, "link_long", LINK_LIMITS);
    return link;
  }

  get check() { return sha256(new Uint8Array(this.learner.table.buffer)).slice(0, 8); }
}

// The histories and the learners of a link; two have a "~" between them.
function fromLink(hash, kitchens) {
  const historyOf = link => {
    const pairs = Array.from(new URLSearchParams(link)), words = Object.fromEntries(pairs);
    const {kitchen, steps, changes = "[]", check, ...settings} = words;
    demand(link.length <= LINK_LIMITS.letters && Object.keys(words).length === pairs.length, "link");
    for (const key of Object.keys(settings)) if (key !== "algorithm") settings[key] = Number(settings[key]);
    const history = new History(new Learner(Object.hasOwn(kitchens, kitchen) && kitchens[kitchen], settings));
    for (const [when, method, ...values] of [...JSON.parse(changes), [Number(steps)]]) {
      history.learn(checkedNumber("steps", when, history.last, LINK_LIMITS.steps, true) - history.last);
      if (["set", "edit", "forget"].includes(method)) history.change(method, ...values);
    }
    demand(check === history.check, "link");
    return history;
  };
  try {
    const histories = hash.replace("#", "").split("~", 2).map(historyOf);
    return {histories, learners: histories.map(({learner}) => learner)};
  } catch {
    throw new Error(text("page.errors.link"));
  }
}
