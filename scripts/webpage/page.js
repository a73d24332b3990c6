// The page: learners in a kitchen, what is shown of them, and the frames in which they learn. Uses all other files.

const SPEEDS = [2, 10, 100, 1000, 10000, Infinity];  // steps a second
const SHOWN = 10;  // steps a second up to which each step is shown
const SLICE = 8;  // ms of a frame in which the learners learn
const CHUNK = 2048;  // steps between two looks at the clock
const MEASURED = 250;  // ms between two exact evaluations while learning
const MOODS = {yum: "delighted", open: "happy", yuck: "disgusted", vain: "reaching", bump: "unhappy"};

class Page {
  constructor() {
    this.playing = false;
    this.ready = this.open();
  }

  async open() {
    Object.assign(data, JSON.parse(new TextDecoder().decode(await inflate(data.packed))));
    fillTexts(document);
    defineSprites(data.sprites, byId("sprites").firstElementChild);
    this.kitchens = {};
    for (const [name, kitchen] of Object.entries(data.kitchens)) this.kitchens[name] = await loadKitchen(kitchen);
    this.controls = new Controls(this);
    this.panel = new Panel(this);
    const {kitchen, ...settings} = data.start;
    this.start(kitchen, settings);
    if (location.hash.length > 1) this.openLink();
    if (data.cookies && typeof showCookies === "function") showCookies(byId("cookies"), data.cookies);
    byId("open-tour").hidden = typeof startTour !== "function" || !data.stations.length;
    return this;
  }

  // Begin at step 0 with one learner, or with a second one that has the settings of `difference`.
  start(name, settings = {}, difference = null) {
    const make = (further) => new History(new Learner(this.kitchens[name], {...settings, ...further}));
    this.adopt(name, difference ? [make({}), make(difference)] : [make({})], difference);
  }

  restart(settings = {}, name = this.name) {
    this.start(name, {...this.settings, ...settings}, this.difference);
  }

  get settings() {
    const [{settings, happiness}] = this.learners;
    return {...settings, ...happiness, seed: settings.seed ?? 0};
  }

  adopt(name, histories, difference = null) {
    this.pause();
    this.learners = histories.map((history) => history.learner);
    Object.assign(this, {name, histories, difference, kitchen: this.learners[0].kitchen, active: 0, game: null});
    this.scale = new Scale(this.kitchen.optimum);
    this.floors = this.controls.build();
    this.look(0);
  }

  // What is shown: where the child stands in the picture of each learner, or the last step.

  look(state, event = null) {
    Object.assign(this, {steps: null, event, stands: this.learners.map(() => state)});
    this.redraw();
  }

  stand(child, i) {  // on another cell, all else as it is
    const state = this.kitchen.numberOf({...partsOf(this.kitchen, this.stands[i]), child, standing: 0});
    Object.assign(this, {active: i, game: null});
    if (state >= 0) this.look(state);
  }

  get shown() {
    return this.steps?.[this.active].obs ?? this.stands[this.active];
  }

  percent(i = 0) {
    return score(this.learners[i]).percent;
  }

  tell(key, {action, event, reward, total, length}) {
    byId("happening").textContent = text(key, {
      action: actionWords(action), event: eventWords(event), reward: number(reward), total: number(total), length,
    });
  }

  redraw(now = null) {
    const {learners, active, steps, scale} = this, learner = learners[active];
    for (const one of learners) scale.widen(one);
    this.floors.forEach((floor, i) => {
      const event = data.events[steps?.[i].event ?? this.event];
      floor.draw(learners[i], this.stands[i], steps?.[i].obs ?? this.stands[i], scale, MOODS[event]);
    });
    byId("panel-title").textContent = text(`page.panel.${learner.probabilities ? "probabilities" : "values"}`);
    this.panel.draw(learner, this.shown, scale, steps?.[active].action);
    writeArithmetic(steps?.[active], learner.settings.algorithm);
    if (now === null || now > this.measured + MEASURED) {
      this.measured = performance.now();
      learners.forEach((one, i) => {
        const found = score(one);
        this.histories[i].measure(found.percent);
        this.controls.drawScore(i, found);
      });
    }
    this.controls.draw();
  }

  // Learning.

  learn(steps) {
    for (const history of this.histories) history.learn(steps);
    Object.assign(this, {steps: null, game: null}).redraw();
  }

  step() {
    return this.showSteps(this.histories.map((history) => history.step()));
  }

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
    this.tell("page.happened", steps[this.active]);
    this.redraw();
    return steps[this.active];
  }

  play() {
    Object.assign(this, {playing: true, game: null, before: performance.now(), due: 0});
    requestAnimationFrame((now) => this.frame(now));
  }

  pause() {
    if (this.playing) Object.assign(this, {playing: false}).redraw();
  }

  playOrPause() {
    if (this.playing) this.pause();
    else this.play();
  }

  frame(now) {
    if (!this.playing) return;
    const speed = SPEEDS[byId("speed").value], end = performance.now() + SLICE;
    this.due = Math.min(this.due + speed * Math.max(0, now - this.before) / 1000, speed);
    this.before = now;
    if (speed <= SHOWN && this.due >= 1) {
      this.due -= 1;
      this.step();
    } else if (speed > SHOWN) {
      while (this.due >= 1 && performance.now() < end) {
        const steps = Math.min(CHUNK, Math.floor(this.due));
        for (const history of this.histories) history.learn(steps);
        this.due -= steps;
      }
      this.steps = null;
      this.redraw(now);
    }
    requestAnimationFrame((next) => this.frame(next));
  }

  // Changes: they are in the history, and take effect at the next step.

  set(key, value, which = 0) {
    if (key === "initial_value") return this.restart({[key]: value});
    const alone = which > 0 || key in (this.difference ?? {});
    this.histories.forEach((history, i) => {
      if (!alone || i === which) history.change("set", key, value);
    });
    if (which > 0) this.difference = {[key]: value};
    this.redraw();
  }

  edit(state, action, value) {
    this.histories[this.active].change("edit", state, action, value);
    this.redraw();
  }

  forget(which) {  // one number of the learner that is shown, or numbers of both
    const histories = Array.isArray(which) ? [this.histories[this.active]] : this.histories;
    for (const history of histories) history.change("forget", which);
    this.redraw();
  }

  // A game: an episode of your own, or of what is learned. It changes no number of the table.

  act(action) {
    const {game, kitchen: {A, K, ends, event, next_state, terminated, time_limit}} = this;
    if (game?.over) return;
    const outcome = (this.stands[this.active] * A + action) * K + (K > 1 ? pick(ends, action * K, Math.random()) : 0);
    const happened = {action, event: event[outcome], reward: this.learners[this.active].score[outcome]};
    if (game) {
      game.total += happened.reward;
      game.length += 1;
      game.over = terminated[outcome] === 1 || game.length === time_limit;
    }
    this.look(next_state[outcome], event[outcome]);
    this.tell(!game ? "page.tried" : game.over ? "page.game_over" : "page.game", {...happened, ...game});
  }

  playYourself() {
    this.begin({});
    byId("happening").textContent = text("page.game_start");
    document.querySelectorAll(".floor")[this.active].focus();
  }

  watch() {
    const game = this.begin({policy: this.learners[this.active].greedy()});
    const next = () => {
      if (this.game !== game || game.over) return;
      this.act(game.policy[this.stands[this.active]]);
      setTimeout(next, game.length < 20 ? 350 : 20);
    };
    setTimeout(next, 350);
  }

  begin(game) {
    this.pause();
    this.game = {...game, total: 0, length: 0};
    this.look(pick(this.kitchen.start_ends, 0, Math.random()));
    return this.game;
  }

  goTo(step) {
    this.pause();
    for (const history of this.histories) history.goTo(step);
    Object.assign(this, {steps: null, stands: this.learners.map(({episode}) => episode?.obs ?? 0)});
    this.redraw();
  }

  // Buttons.

  forgetAll() {
    this.forget("all");
  }

  forgetShare() {
    this.forget({share: byId("share").value / 100, seed: this.learners[0].num_timesteps});
  }

  setDefaults() {
    const {initial_value, seed, algorithm, ...settings} = LEARNER_DEFAULTS;
    for (const [key, value] of Object.entries({...settings, ...this.kitchen.happiness})) this.set(key, value);
  }

  async copyLink() {
    location.hash = this.histories.map((history) => history.link()).join("~");
    await navigator.clipboard?.writeText(location.href);
    say(text("page.link_copied"));
  }

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

  saveFile() {
    const {algorithm} = this.learners[this.active].settings;
    const href = URL.createObjectURL(new Blob([saveMemory(this.learners[this.active])]));
    make("a", {href, download: `${this.name}-${algorithm}.safetensors`}).click();
    URL.revokeObjectURL(href);
  }

  async openFile({files: [file]}) {
    const learner = openMemory(new Uint8Array(await file.arrayBuffer()), this.kitchens);
    this.adopt(this.nameOf(learner.kitchen), [new History(learner)]);
    say(text("page.opened", {name: file.name, steps: number(learner.num_timesteps)}));
  }

  switchTheme() {
    const {dataset} = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)").matches;
    dataset.theme = (dataset.theme ?? (dark ? "dark" : "light")) === "dark" ? "light" : "dark";
  }

  switchSize() {
    document.documentElement.classList.toggle("projector");
  }

  openTour() {
    startTour(byId("tour"), this, data);
  }

  print() {
    window.print();
  }
}

addEventListener("error", (event) => say(event.error.message));
addEventListener("unhandledrejection", (event) => say(event.reason.message));
window.page = new Page();
