// The page: learners in a kitchen, what is shown of them, and the frames in which they learn.

const SPEEDS = [2, 10, 100, 1000, 10000, Infinity]; // steps a second
const SHOWN = 10; // steps a second up to which each step is shown
const SLICE = 8; // ms of a frame in which the learners learn
const CHUNK = 2048; // steps between two looks at the clock
const PLAYED = 30; // seconds that a finished run is played for at most, unless the speed is changed
const MEASURED = 250; // ms between two exact evaluations while learning

const DIFFERENCES = { // that a second learner can have, and the settings that tell them
  learning_rate: "learning_rate", exploration: "exploration_final_eps", algorithm: "algorithm",
};

class Page {
  constructor() { this.ready = this.open(); }

  async open() {
    Object.assign(data, JSON.parse(new TextDecoder().decode(await inflate(data.packed))));
    document.querySelector("main").innerHTML = data.main;
    byId("sprites").innerHTML = `<defs>${data.sprites}</defs>`;
    this.kitchens = Object.create(null); // a kitchen may have any name
    for (const name in data.kitchens) this.kitchens[name] = loadKitchen(data.kitchens[name]);
    this.controls = new Controls(this);
    const {start: {kitchen, station, ...settings}, run, cookies} = data;
    this.start(kitchen, {algorithm: settings.algorithm, seed: settings.seed});
    if (run) {
      const differences = new Int16Array(await inflate(run.snapshots));
      byId("speed").value = SPEEDS.findIndex(speed => PLAYED * speed >= run.steps.at(-1));
      this.adopt([new Recording(run, this.kitchens[run.kitchen], differences)]);
    }
    if (location.hash.length > 1) await attempt(() => this.openLink());
    if (cookies && typeof showCookies === "function") showCookies(byId("cookies"), cookies);
    if (station) this.openTour(station);
  }

  // Begin at step 0 with one learner, or with a second one that has the settings of `difference`.
  start(name, settings = {}, difference = null) {
    const all = difference ? [settings, {...settings, ...difference}] : [settings];
    this.adopt(all.map(one => new History(new Learner(this.kitchens[name], one))));
  }

  restart(changes = {}) {
    if (this.run) this.goTo(0);
    else this.start(this.name, {...this.settings, ...changes}, this.difference);
  }

  // Show one history, or two whose learners differ.
  adopt(histories) {
    this.pause();
    const [{kitchen, settings}, other] = histories.map(history => history.learner);
    const isOther = key => other && settings[DIFFERENCES[key]] !== other.settings[DIFFERENCES[key]];
    this.differs = Object.keys(DIFFERENCES).find(isOther);
    this.histories = histories.slice(0, this.differs ? 2 : 1);
    this.learners = this.histories.map(history => history.learner);
    this.name = Object.keys(this.kitchens).find(name => this.kitchens[name].states === kitchen.states);
    this.run = histories[0] instanceof Recording ? data.run : null;
    this.scale = {low: Math.min(0, kitchen.optimum), high: Math.max(0, kitchen.optimum)};
    Object.assign(this, {kitchen, active: 0});
    byId("choose-kitchen").value = this.name;
    this.floors = this.controls.build();
    this.present();
  }

  get learner() { return this.learners[this.active]; }
  get shown() { return this.views[this.active].shown; }
  get isOver() { return this.run !== null && this.learner.num_timesteps === this.histories[0].last; }

  get settings() { // of the first learner
    const [{settings, happiness, kitchen}] = this.learners;
    const changed = Object.entries(happiness).filter(([name, value]) => value !== kitchen.happiness[name]);
    return {...settings, ...Object.fromEntries(changed), seed: settings.seed ?? 0};
  }

  get difference() { // of the second one
    const {differs, learners: [, other]} = this;
    return differs ? {[differs]: other.settings[DIFFERENCES[differs]]} : null;
  }

  // Start again with the chosen settings. A changed happiness stays in its kitchen; a difference is kept.
  choose() {
    const [name, algorithm, other] = CHOICES.map(choice => byId(`choose-${choice}`).value);
    const settings = name === this.name ? this.settings : this.learners[0].settings;
    const difference = {...SECOND[other] ?? {algorithm: other}, ...other === this.differs && this.difference};
    const field = byId("choose-seed"), seed = field.valueAsNumber;
    field.value = this.settings.seed; // if the new one is refused
    this.start(name, {...settings, algorithm, seed}, other === "none" ? null : difference);
    field.value = seed;
  }

  // The view of each learner: the state of the child, the state whose numbers are shown, and, if there is
  // one, the event or the step that led there.
  see(views, told = "", measure = true) {
    Object.assign(this, {views, told});
    this.draw(measure);
  }

  present() { // the child where each learner is in its running episode
    this.game = null;
    this.see(this.learners.map(({episode}) => ({state: episode?.obs ?? 0, shown: episode?.obs ?? 0})));
  }

  look(state, event, told) { this.see(this.learners.map(() => ({state, shown: state, event})), told); }
  stay(measure) { this.see(this.views.map(({shown}) => ({state: shown, shown})), "", measure); }

  stand(child, i) { // on another cell, all else as it is
    const state = this.kitchen.numberOf({...partsOf(this.kitchen, this.views[i].state), child, standing: 0});
    Object.assign(this, {active: i, game: null});
    if (state >= 0) this.look(state);
  }

  draw(measure = true) {
    if (measure) { // while learning, a few times a second
      Object.assign(this, {measured: performance.now(), scores: this.learners.map(score)});
      for (const learner of this.learners) widen(this.scale, learner);
    }
    this.floors.forEach((floor, i) => floor.draw(this.learners[i], this.views[i], this.scale));
    drawNumbers(this, this.views[this.active]);
    const [{num_timesteps, num_episodes}] = this.learners;
    put(byId("steps"), {textContent: number(num_timesteps)});
    put(byId("episodes"), {textContent: number(num_episodes)});
    if (measure) this.controls.draw(this.views[this.active]);
  }

  learn(steps) {
    for (const history of this.histories) history.learn(steps);
    this.game = null;
    this.stay();
  }

  // One step of each learner, or (1) all until the episode ends.
  step(isEpisode = 0) {
    const steps = this.histories.map(history => {
      let step = history.step();
      while (isEpisode && !step.terminated && !step.truncated) step = history.step();
      return step;
    });
    const {action, event, reward, total, length} = steps[this.active];
    const views = steps.map(step => ({state: step.next_obs, shown: step.obs, event: step.event, step}));
    this.game = null;
    this.see(views, eventSentence("happened", {action, event, reward, total, length}));
    return steps[this.active];
  }

  play() { // or pause
    if (!this.playing && this.isOver) this.goTo(0);
    Object.assign(this, {playing: !this.playing, game: null, before: performance.now(), due: 1});
    if (this.playing) requestAnimationFrame(now => this.frame(now));
    this.draw();
  }

  pause() { if (this.playing) this.play(); }

  frame(now) {
    if (!this.playing) return;
    const speed = SPEEDS[byId("speed").value], end = performance.now() + SLICE;
    this.due = Math.min(this.due + speed * Math.max(1, now - this.before) / 1000, speed);
    this.before = now;
    if (speed <= SHOWN && !this.run) {
      if (this.due >= 1) this.step();
      this.due %= 1;
    } else {
      while (this.due >= 1 && performance.now() < end) {
        const steps = Math.min(CHUNK, Math.floor(this.due));
        for (const history of this.histories) history.learn(steps);
        this.due -= steps;
      }
      this.stay(now >= this.measured + MEASURED);
      if (this.isOver) this.pause();
    }
    requestAnimationFrame(next => this.frame(next));
  }

  // Changes: they are in the history, and take effect at the next step.

  slide(element) { // or type
    const {key, which, stops} = sliderOf(element);
    this.set(key, element.type === "range" ? stops[element.value] : readNumber(element), which);
  }

  set(key, value, which = 0) {
    if (key === "initial_value") return this.restart({initial_value: value});
    const changed = key === this.differs ? [this.histories[which]] : this.histories;
    for (const history of changed) history.change("set", key, value);
    this.draw();
  }

  edit(state, action, value) {
    this.histories[this.active].change("edit", state, action, value);
    this.stay();
  }

  beginEdit(field) {
    this.pause(); // so that it is the number of this state which changes
    field.value = rowOf(this.learner, this.shown)[field.closest("tr").sectionRowIndex];
    field.select();
  }

  endEdit(field) {
    const value = readNumber(field);
    field.blur();
    this.edit(this.shown, field.closest("tr").sectionRowIndex, value);
  }

  wipe(action) { this.edit(this.shown, action, this.learner.settings.initial_value); }

  forget(which = byId("share").value / 100) {
    for (const history of this.histories) history.change("forget", which, this.learners[0].num_timesteps);
    this.stay();
  }

  rewind(range) { // at most once a frame: far back, it takes a while
    cancelAnimationFrame(this.going);
    this.going = requestAnimationFrame(() => this.goTo(Math.round(range.value)));
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
    const state = pick(this.kitchen.start_ends, 0, Math.random());
    this.look(state, null, text(policy ? "page.watching" : "page.game_start"));
    if (!policy) document.querySelectorAll(".floor")[this.active].focus();
    return this.game;
  }

  act(action) {
    this.pause();
    const {learner, shown, kitchen: {A, K, ends, event, next_state, terminated, time_limit}} = this;
    const game = this.game ??= {total: 0, length: 0}; // also from a state that you chose
    if (game.over) return;
    const k = K > 1 ? pick(ends, action * K, Math.random()) : 0, outcome = (shown * A + action) * K + k;
    const reward = learner.score[outcome], total = game.total + reward, length = game.length + 1;
    Object.assign(game, {total, length, over: terminated[outcome] === 1 || length === time_limit});
    const values = {action, event: event[outcome], reward, total, length, optimum: learner.bounds.optimum};
    this.look(next_state[outcome], event[outcome], eventSentence(game.over ? "game_over" : "game", values));
  }

  watch() {
    const game = this.begin(this.learner.greedy());
    const next = () => {
      if (this.game !== game || game.over) return;
      this.act(game.policy[this.shown]);
      setTimeout(next, game.length < 20 ? 350 : 20);
    };
    setTimeout(next, 350);
  }

  async copyLink() {
    this.hash = location.hash = `#${this.histories.map(history => history.link()).join("~")}`;
    const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
    say(text(copied ? "page.link_copied" : "page.link_in_address"));
  }

  save() {
    const href = URL.createObjectURL(new Blob([saveMemory(this.learner)]));
    const download = `${this.name}-${this.learner.settings.algorithm}.safetensors`;
    Object.assign(document.createElement("a"), {href, download}).click();
  }

  async openFile(field) {
    const [file] = field.files, bytes = new Uint8Array(await file.arrayBuffer());
    field.value = ""; // so that the same file can be chosen again
    this.openMemory(bytes);
    say(text("page.opened", {name: file.name, steps: this.learner.num_timesteps}));
  }

  openLink() { this.adopt(fromLink(location.hash, this.kitchens)); }
  openMemory(bytes) { this.adopt([new History(openMemory(bytes, this.kitchens))]); }
  async goOn() { this.openMemory(new Uint8Array(await inflate(data.run.memory))); }
  print() { window.print(); }

  // Open the tour, or close it and go back to the earlier learners.
  openTour(station) {
    const opens = byId("tour").hidden;
    byId("tour").hidden = !opens;
    if (opens) {
      this.aside = this.histories;
      (this.tour ??= new Tour(this)).show(station);
    } else {
      this.adopt(this.aside);
      byId("open-tour").focus();
    }
  }
}

window.page = new Page();
