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
const SECOND = {learning_rate: 0.02, exploration: 0.1}; // of a second learner, at first

class Page {
  constructor() { this.ready = this.open(); }

  async open() {
    Object.assign(data, JSON.parse(new TextDecoder().decode(await inflate(data.packed))));
    const {start: {kitchen, station, algorithm, seed}, run, cookies, kitchens, colours} = data;
    document.querySelector("main").innerHTML = data.main;
    byId("sprites").innerHTML = `<defs>${data.sprites}</defs>`;
    byId("colours").style.background = `linear-gradient(90deg, ${colours.map(([colour]) => colour).join()})`;
    byId("go-on").hidden = !run?.memory;
    this.kitchens = Object.create(null); // a kitchen may have any name
    for (const name in kitchens) this.kitchens[name] = loadKitchen(kitchens[name]);
    listen(this);
    this.start(kitchen, {algorithm, seed});
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
    else this.start(this.kitchen.name, {...this.learners[0].setup, ...changes}, this.difference);
  }

  // Show one history, or two whose learners differ.
  adopt(histories) {
    this.pause();
    const [{kitchen, settings}, other] = histories.map(history => history.learner);
    const isOther = key => other && settings[DIFFERENCES[key]] !== other.settings[DIFFERENCES[key]];
    this.differs = Object.keys(DIFFERENCES).find(isOther);
    this.histories = histories.slice(0, this.differs ? 2 : 1);
    this.learners = this.histories.map(history => history.learner);
    this.run = histories[0] instanceof Recording ? data.run : null;
    this.scale = {low: Math.min(0, kitchen.optimum), high: Math.max(0, kitchen.optimum)};
    Object.assign(this, {kitchen, active: 0});
    byId("choose-kitchen").value = kitchen.name;
    this.floors = makeFloors(this);
    this.present();
  }

  get learner() { return this.learners[this.active]; }
  get shown() { return this.views[this.active].shown; }
  get isOver() { return this.run !== null && this.learner.num_timesteps === this.histories[0].last; }

  get difference() { // of the second learner
    const {differs, learners: [, other]} = this;
    return differs ? {[differs]: other.settings[DIFFERENCES[differs]]} : null;
  }

  // Start again with the chosen settings. A changed happiness stays in its kitchen; a difference is kept.
  choose() {
    const choices = ["kitchen", "algorithm", "difference"];
    const [name, algorithm, other] = choices.map(choice => byId(`choose-${choice}`).value);
    const {setup, settings} = this.learners[0], first = name === this.kitchen.name ? setup : settings;
    const second = other in SECOND ? {[other]: SECOND[other]} : {algorithm: other};
    const difference = other === this.differs ? this.difference : second;
    const seed = byId("choose-seed").valueAsNumber;
    this.start(name, {...first, algorithm, seed}, other === "none" ? null : difference);
  }

  // The view of each learner: the state of the child, the state whose numbers are shown, and, if there is
  // one, the event or the step that led there; what is told about that; and the game, if it is part of one.
  see(viewOf, told = "", game = null, measure = true) {
    this.views = this.learners.map(viewOf).map(view => ({shown: view.state, ...view}));
    Object.assign(this, {told, game});
    this.draw(measure);
  }

  // The child where each learner is in its running episode; in a state; or in the state that is shown.
  present() { this.see(({episode}) => ({state: episode?.obs ?? 0})); }
  look(state, event, told, game) { this.see(() => ({state, event}), told, game); }
  stay(measure) { this.see((_, i) => ({state: this.views[i].shown}), "", null, measure); }

  stand(child, i) { // on another cell, all else as it is
    const state = this.kitchen.numberOf({...partsOf(this.kitchen, this.views[i].state), child, standing: 0});
    this.active = i;
    if (state >= 0) this.look(state);
  }

  draw(measure = true) {
    if (measure) { // while learning, a few times a second
      Object.assign(this, {measured: performance.now(), scores: this.learners.map(score)});
      for (const learner of this.learners) widen(this.scale, learner);
    }
    this.floors.forEach((floor, i) => floor.draw(this.learners[i], this.views[i], this.scale));
    drawNumbers(this, this.views[this.active]);
    put(byId("steps"), number(this.learners[0].num_timesteps));
    put(byId("episodes"), number(this.learners[0].num_episodes));
    if (measure) drawControls(this, this.views[this.active]);
  }

  learn(steps) {
    for (const history of this.histories) history.learn(steps);
    this.stay();
  }

  // One step of each learner, or (1) all until the episode ends.
  step(isEpisode = 0) {
    const steps = this.histories.map(history => {
      let step = history.learn(1);
      while (isEpisode && !step.ended) step = history.learn(1);
      return step;
    });
    const views = steps.map(step => ({state: step.next_obs, shown: step.obs, event: step.event, step}));
    this.see((_, i) => views[i], eventSentence("happened", steps[this.active]));
    return steps[this.active];
  }

  play() { // or pause
    if (!this.playing && this.isOver) this.goTo(0);
    Object.assign(this, {playing: !this.playing, game: null, before: performance.now(), due: 1});
    if (this.playing) this.awaitFrame();
    else cancelAnimationFrame(this.coming);
    this.draw();
  }

  pause() { if (this.playing) this.play(); }
  awaitFrame() { this.coming = requestAnimationFrame(now => this.frame(now)); }

  frame(now) {
    const speed = SPEEDS[byId("speed").value], end = performance.now() + SLICE;
    this.awaitFrame();
    this.due = Math.min(this.due + speed * Math.max(1, now - this.before) / 1000, speed);
    this.before = now;
    if (speed <= SHOWN && !this.run) {
      if (this.due >= 1) this.step();
      this.due %= 1;
      return;
    }
    while (this.due >= 1 && performance.now() < end) {
      const steps = Math.min(CHUNK, Math.floor(this.due));
      for (const history of this.histories) history.learn(steps);
      this.due -= steps;
    }
    this.stay(now >= this.measured + MEASURED);
    if (this.isOver) this.pause();
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
    const game = {policy, total: 0, length: 0}, state = pick(this.kitchen.start_ends, 0, Math.random());
    this.look(state, null, text(policy ? "page.watching" : "page.game_start"), game);
    if (!policy) document.querySelectorAll(".floor")[this.active].focus();
    return game;
  }

  act(action) {
    this.pause();
    const {learner, shown, kitchen: {A, K, ends, event, next_state, terminated, time_limit}} = this;
    const game = this.game ?? {total: 0, length: 0}; // also from a state that you chose
    if (game.over) return;
    const k = K > 1 ? pick(ends, action * K, Math.random()) : 0, outcome = (shown * A + action) * K + k;
    const reward = learner.score[outcome], total = game.total + reward, length = game.length + 1;
    Object.assign(game, {total, length, over: terminated[outcome] === 1 || length === time_limit});
    const values = {action, event: event[outcome], reward, total, length, optimum: learner.bounds.optimum};
    const told = eventSentence(game.over ? "game_over" : "game", values);
    this.look(next_state[outcome], event[outcome], told, game);
  }

  async watch() {
    const game = this.begin(this.learner.greedy());
    while (!game.over) {
      await new Promise(next => setTimeout(next, game.length < 20 ? 350 : 20));
      if (this.game !== game) return;
      this.act(game.policy[this.shown]);
    }
  }

  async copyLink() {
    this.hash = location.hash = `#${this.histories.map(history => history.link()).join("~")}`;
    const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
    say(text(copied ? "page.link_copied" : "page.link_in_address"));
  }

  save() {
    const href = URL.createObjectURL(new Blob([saveMemory(this.learner)]));
    const download = `${this.kitchen.name}-${this.learner.settings.algorithm}.safetensors`;
    Object.assign(document.createElement("a"), {href, download}).click();
  }

  async openFile(field) {
    const [file] = field.files, read = await file.slice(0, MAX_BYTES + 1).arrayBuffer().catch(() => []);
    field.value = ""; // so that the same file can be chosen again
    this.openMemory(new Uint8Array(read));
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
