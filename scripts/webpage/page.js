// The page: learners in a kitchen, what is shown of them, and the frames in which they learn.

const SPEEDS = [2, 10, 100, 1000, 10000, Infinity];  // steps a second
const SHOWN = 10;  // steps a second up to which each step is shown
const SLICE = 8;  // ms of a frame in which the learners learn
const CHUNK = 2048;  // steps between two looks at the clock
const PLAYED = 30;  // seconds that a finished run is played for at most, unless the speed is changed
const MEASURED = 250;  // ms between two exact evaluations while learning
const MOODS = {yum: "delighted", open: "happy", yuck: "disgusted", vain: "reaching", bump: "unhappy"};

// A finished run, as a history that is only looked at: the numbers at each snapshot. See `runs.py`.
class Recording {
  constructor({kind, steps, percent, scale, settings: {initial_value = 0}}, kitchen, differences) {
    const learner = new Learner(kitchen, {initial_value}), sums = new Int16Array(kitchen.S * kitchen.A);
    Object.assign(learner, {probabilities: kind === "probabilities"});
    Object.assign(this, {learner, steps, last: steps.at(-1)});
    this.curve = steps.map((step, i) => [step, percent[i]]);
    this.tables = steps.map((_, i) => Float64Array.from(sums, (sum, j) => {
      sums[j] = sum + differences[i * sums.length + j];
      return sums[j] === -32768 ? initial_value : sums[j] * scale;
    }));
    this.goTo(this.last);
  }

  goTo(step) {  // to the last snapshot up to a step
    const i = this.steps.findLastIndex((when) => when <= step);
    this.learner.num_timesteps = Math.min(step, this.last);
    this.learner.table.set(this.tables[Math.max(0, i)]);
    this.learner.recorded = this.curve[Math.max(0, i)][1];
  }

  learn(steps) { this.goTo(this.learner.num_timesteps + steps); }

  measure() {}
}

class Page {
  constructor() {
    this.playing = false;
    this.ready = this.open();
  }

  async open() {
    Object.assign(data, JSON.parse(new TextDecoder().decode(await inflate(data.packed))));
    document.querySelector("main").innerHTML = data.main;
    fillTexts(document);
    defineSprites(data.sprites, byId("sprites").firstElementChild);
    this.kitchens = Object.create(null);  // a kitchen may have any name
    for (const [name, kitchen] of Object.entries(data.kitchens))
      this.kitchens[name] = await loadKitchen(kitchen);
    this.controls = new Controls(this);
    this.panel = new Panel(this);
    const {kitchen, algorithm, seed, station} = data.start;
    this.start(kitchen, {algorithm, seed});
    if (data.run) {
      const differences = new Int16Array(await inflate(data.run.snapshots));
      byId("speed").value = SPEEDS.findIndex((speed) => PLAYED * speed >= data.run.steps.at(-1));
      this.adopt(data.run.kitchen, [new Recording(data.run, this.kitchens[data.run.kitchen], differences)]);
    }
    if (location.hash.length > 1) await attempt(() => this.openLink());
    if (data.cookies && typeof showCookies === "function") showCookies(byId("cookies"), data.cookies);
    if (station) this.openTour(station);
  }

  // Begin at step 0 with one learner, or with a second one that has the settings of `difference`.
  start(name, settings = {}, difference = null) {
    if (difference?.algorithm === (settings.algorithm ?? LEARNER_DEFAULTS.algorithm)) difference = null;
    const make = (further) => new History(new Learner(this.kitchens[name], {...settings, ...further}));
    this.adopt(name, difference ? [make({}), make(difference)] : [make({})], difference);
  }

  restart(settings = {}) { this.start(this.name, {...this.settings, ...settings}, this.difference); }

  get settings() {
    const [{settings, happiness, kitchen}] = this.learners;
    const changed = Object.entries(happiness).filter(([name, value]) => value !== kitchen.happiness[name]);
    return {...settings, ...Object.fromEntries(changed), seed: settings.seed ?? 0};
  }

  adopt(name, histories, difference = null) {
    this.pause();
    this.learners = histories.map((history) => history.learner);
    this.kitchen = this.learners[0].kitchen;
    Object.assign(this, {name, histories, difference, active: 0, game: null});
    this.scale = new Scale(this.kitchen.optimum);
    this.floors = this.controls.build();
    this.present();
  }

  // What is shown: the last step of each learner, or the child in a state of your choice.

  look(state, event = null) {
    Object.assign(this, {steps: null, event, stands: this.learners.map(() => state)});
    this.redraw();
  }

  present() {  // the child where each learner is in its running episode
    Object.assign(this, {steps: null, event: null, game: null});
    this.stands = this.learners.map(({episode}) => episode?.obs ?? 0);
    this.redraw();
  }

  stand(child, i) {  // on another cell, all else as it is
    const state = this.kitchen.numberOf({...partsOf(this.kitchen, this.stands[i]), child, standing: 0});
    Object.assign(this, {active: i, game: null});
    if (state >= 0) this.look(state);
  }

  get shown() { return this.steps?.[this.active].obs ?? this.stands[this.active]; }

  percent(i = 0) { return score(this.learners[i]).percent; }

  redraw(now = null) {
    const {learners, active, steps, scale} = this, learner = learners[active];
    const whole = now === null || now >= this.measured + MEASURED;  // while learning, a few times a second
    if (whole) learners.forEach((one) => scale.widen(one));
    this.floors.forEach((floor, i) => {
      const mood = MOODS[data.events[steps?.[i].event ?? this.event]];
      floor.draw(learners[i], this.stands[i], steps?.[i].obs ?? this.stands[i], scale, mood);
    });
    this.panel.draw(learner, this.shown, scale, steps?.[active].action);
    writeArithmetic(steps?.[active], learner.settings.algorithm);
    this.controls.drawCounts(learners[0]);
    if (!steps && !this.game && this.event === null) write("happening", "");
    if (!whole) return;
    this.measured = performance.now();
    learners.map(score).forEach((found, i) => {
      this.histories[i].measure(found.percent);
      this.controls.drawScore(i, found);
    });
    this.controls.draw();
  }

  // Learning.

  learn(steps) {
    for (const history of this.histories) history.learn(steps);
    Object.assign(this, {steps: null, event: null, game: null}).redraw();
  }

  step() { return this.showSteps(this.histories.map((history) => history.step())); }

  episode() {
    return this.showSteps(this.histories.map((history) => {
      for (;;) {
        const step = history.step();
        if (step.terminated || step.truncated) return step;
      }
    }));
  }

  showSteps(steps) {
    Object.assign(this, {steps, game: null, stands: steps.map(({next_obs}) => next_obs)});
    const {action, event, reward, total, length} = steps[this.active];
    tell("page.happened", {action, event, reward, total, length});
    this.redraw();
    return steps[this.active];
  }

  play() {
    if (this.playing) return;
    const [{num_timesteps, recorded}] = this.learners;
    if (recorded !== undefined && num_timesteps === this.histories[0].last) this.goTo(0);
    Object.assign(this, {playing: true, game: null, before: performance.now(), due: 1});
    requestAnimationFrame((now) => this.frame(now));
    this.redraw();
  }

  pause() { if (this.playing) Object.assign(this, {playing: false}).redraw(); }

  frame(now) {
    if (!this.playing) return;
    const speed = SPEEDS[byId("speed").value], end = performance.now() + SLICE;
    this.due = Math.min(this.due + speed * Math.max(1, now - this.before) / 1000, speed);
    this.before = now;
    if (speed <= SHOWN && this.learners[0].recorded === undefined) {
      if (this.due >= 1) this.step();
      this.due %= 1;
    } else {
      while (this.due >= 1 && performance.now() < end) {
        const steps = Math.min(CHUNK, Math.floor(this.due));
        for (const history of this.histories) history.learn(steps);
        this.due -= steps;
      }
      Object.assign(this, {steps: null, event: null}).redraw(now);
      const [{num_timesteps, recorded}] = this.learners;
      if (recorded !== undefined && num_timesteps === this.histories[0].last) this.pause();
    }
    requestAnimationFrame((next) => this.frame(next));
  }

  // Changes: they are in the history, and take effect at the next step.

  set(key, value, which = 0) {
    if (key === "initial_value") return this.restart({[key]: value});
    const name = key.startsWith("exploration") ? "exploration" : key;
    const alone = which > 0 || name in (this.difference ?? {});
    for (const history of alone ? [this.histories[which]] : this.histories) history.change("set", key, value);
    if (which > 0) this.difference = {[key]: value};
    this.redraw();
  }

  edit(state, action, value) {
    this.histories[this.active].change("edit", state, action, value);
    this.redraw();
  }

  forget(which) {  // some numbers of the learner that is shown, or a share of those of both
    for (const history of Array.isArray(which) ? [this.histories[this.active]] : this.histories)
      history.change("forget", which);
    this.redraw();
  }

  goTo(step) {
    this.pause();
    for (const history of this.histories) history.goTo(step);
    this.present();
  }

  // A game: an episode that you play, or a policy. It changes no number.

  begin(policy = null) {
    this.pause();
    this.game = {policy, total: 0, length: 0};
    this.look(pick(this.kitchen.start_ends, 0, Math.random()));
    tell(policy ? "page.watching" : "page.game_start");
    if (!policy) document.querySelectorAll(".floor")[this.active].focus();
    return this.game;
  }

  act(action) {
    const {game, kitchen: {A, K, ends, event, next_state, terminated, time_limit}} = this;
    if (game?.over) return;
    const learner = this.learners[this.active], k = K > 1 ? pick(ends, action * K, Math.random()) : 0;
    const outcome = (this.stands[this.active] * A + action) * K + k, reward = learner.score[outcome];
    const total = (game?.total ?? 0) + reward, length = (game?.length ?? 0) + 1;
    if (game) Object.assign(game, {total, length, over: terminated[outcome] === 1 || length === time_limit});
    this.look(next_state[outcome], event[outcome]);
    tell(`page.${game ? game.over ? "game_over" : "game" : "tried"}`,
      {action, event: event[outcome], reward, total, length, optimum: learner.bounds.optimum});
  }

  watch() {
    const game = this.begin(this.learners[this.active].greedy());
    const next = () => {
      if (this.game !== game || game.over) return;
      this.act(game.policy[this.stands[this.active]]);
      setTimeout(next, game.length < 20 ? 350 : 20);
    };
    setTimeout(next, 350);
  }

  // Links, files and the tour.

  openLink() {
    const {histories, learners: [first, second]} = fromLink(location.hash, this.kitchens);
    const keys = second ? ["learning_rate", "algorithm", "exploration_final_eps"] : [];
    const key = keys.find((name) => first.settings[name] !== second.settings[name]);
    const difference = key ? {[key.replace("_final_eps", "")]: second.settings[key]} : null;
    this.adopt(this.nameOf(first.kitchen), histories, difference);
  }

  nameOf({states}) {  // an opened memory may have a kitchen of these states with another happiness
    return Object.keys(this.kitchens).find((name) => this.kitchens[name].states === states);
  }

  openMemory(bytes) {
    const learner = openMemory(bytes, this.kitchens);
    this.adopt(this.nameOf(learner.kitchen), [new History(learner)]);
  }

  openTour(station) {  // or close the tour
    byId("tour").hidden = !byId("tour").hidden;
    if (byId("tour").hidden) byId("open-tour").focus();
    else (this.tour ??= new Tour(this)).show(station);
  }
}

window.page = new Page();
