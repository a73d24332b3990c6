// Everything around the kitchen: buttons, choices, sliders, scores, timeline and keys.

const KEYS = {  // of the actions, in their order
  ArrowUp: 0, ArrowDown: 1, ArrowLeft: 2, ArrowRight: 3, c: 4, " ": 5, r: 6, 1: 7, 2: 8, 3: 9,
};
const SECOND = {learning_rate: 0.02, exploration: 0.1};  // of a second learner that differs from the first
const BUTTONS = {
  restart: (page) => (page.learners[0].recorded === undefined ? page.restart() : page.goTo(0)),
  play: (page) => (page.playing ? page.pause() : page.play()),
  step: (page) => page.step(),
  episode: (page) => page.episode(),
  watch: (page) => page.watch(),
  hand: (page) => page.begin(),
  defaults: (page) => {
    const {initial_value, seed, algorithm, ...settings} = {...LEARNER_DEFAULTS, ...page.kitchen.happiness};
    for (const [key, value] of Object.entries(settings)) page.set(key, value);
    if (page.learners[0].num_timesteps === 0) page.set("initial_value", initial_value);
  },
  "forget-all": (page) => page.forget("all"),
  "forget-share": (page) =>
    page.forget({share: byId("share").value / 100, seed: page.learners[0].num_timesteps}),
  "copy-link": async (page) => {
    location.hash = page.histories.map((history) => history.link()).join("~");
    page.link = location.hash;
    const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
    say(text(copied ? "page.link_copied" : "page.link_in_address"));
  },
  save: (page) => {
    const learner = page.learners[page.active], href = URL.createObjectURL(new Blob([saveMemory(learner)]));
    const download = `${page.name}-${learner.settings.algorithm}.safetensors`;
    Object.assign(document.createElement("a"), {href, download}).click();
  },
  "go-on": async (page) => page.openMemory(new Uint8Array(await inflate(data.run.memory))),
  "open-tour": (page) => page.openTour(),
  "close-tour": (page) => page.openTour(),
  print: () => window.print(),
  projector: () => document.documentElement.classList.toggle("projector"),
  theme: () => {
    const {dataset} = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)").matches;
    dataset.theme = (dataset.theme ?? (dark ? "dark" : "light")) === "dark" ? "light" : "dark";
  },
};

// Do what a person asked for; if that is not possible, say why.
async function attempt(action) {
  try {
    await action();
  } catch (error) {
    if (error.constructor !== Error) throw error;
    say(error.message);
  }
}

const runWords = ({algorithm, ...run}) =>
  text("page.run", {...run, algorithm: data.texts.page.algorithms[algorithm] ?? algorithm});

// Say what happened in an episode, below the kitchen.
function tell(key, {action, event, length, ...rewards} = {}) {
  const numbers = Object.entries(rewards).map(([name, value]) => [name, number(value)]);
  const words = {action: actionWords(action), event: eventWords(event), length};
  write("happening", text(key, {...words, ...Object.fromEntries(numbers)}));
}

// A slider over chosen numbers, and a field for any number between two limits: see page.html.
class Slider {
  constructor(element, change) {
    const {key, which = 0} = element.dataset, {stops, low, high} = element.closest("[data-stops]").dataset;
    element.append(...cloned("slider").children);
    const [name, , field, range] = element.children;
    name.textContent = text(`page.setting_names.${key}${which ? "_second" : ""}`);
    field.ariaLabel = range.ariaLabel = name.textContent;
    name.title = text(`page.setting_titles.${key}`);
    Object.assign(this, {element, key, field, range, which: Number(which), stops: JSON.parse(stops)});
    range.max = this.stops.length - 1;
    range.oninput = () => change(this, this.stops[range.value]);
    field.onchange = () => change(this, readNumber(field, Number(low), Number(high)));
  }

  draw({difference, learners}) {
    const {element, key, field, range, which, stops} = this;
    element.hidden = which > 0 && !(key in (difference ?? {}));
    if (element.hidden) return;
    const {settings, happiness, num_timesteps, epsilon, recorded, kitchen} = learners[which];
    const value = key === "exploration" ? epsilon : happiness[key] ?? settings[key];
    const falls = num_timesteps < settings.exploration_steps && epsilon !== settings.exploration_final_eps;
    element.querySelector("small").textContent = falls && key === "exploration" ? text("page.falling") : "";
    const distances = stops.map((stop) => Math.abs(stop - value));
    range.value = distances.indexOf(Math.min(...distances));
    range.ariaValueText = number(value, 4);
    if (document.activeElement !== field) field.value = range.ariaValueText;
    const fixed = key === "initial_value" ? num_timesteps > 0 : key in happiness && kitchen.shaped;
    field.disabled = range.disabled = recorded !== undefined || Boolean(fixed);
  }
}

class Controls {
  constructor(page) {
    this.page = page;
    for (const [id, press] of Object.entries(BUTTONS)) byId(id).onclick = () => attempt(() => press(page));
    const change = ({key, which}, value) =>
      attempt(() => (value === null ? page.redraw() : page.set(key, value, which)));
    this.sliders = Array.from(document.querySelectorAll(".slider"), (element) => new Slider(element, change));
    for (const name in page.kitchens) byId("choose-kitchen").append(new Option(this.titleOf(name), name));
    const choices = {
      kitchen: (name) => page.start(name, page.learners[0].settings, page.difference),
      algorithm: (algorithm) => page.restart({algorithm}),
      seed: (_, field) => {
        const seed = readNumber(field, 0, 2 ** 32 - 1);
        if (seed === null) page.redraw();
        else page.restart({seed: Math.floor(seed)});
      },
      difference: (name) => page.start(page.name, page.settings,
        name === "none" ? null : name in SECOND ? {[name]: SECOND[name]} : {algorithm: name}),
    };
    for (const [name, choose] of Object.entries(choices))
      byId(`choose-${name}`).onchange = ({target}) => attempt(() => choose(target.value, target));
    byId("time").oninput = ({target}) => {  // at most once a frame: far back, it takes a while
      cancelAnimationFrame(this.going);
      this.going = requestAnimationFrame(() => page.goTo(Number(target.value)));
    };
    byId("speed").oninput = byId("share").oninput = () => page.redraw();
    byId("open").onchange = ({target}) => attempt(async () => {
      const [file] = target.files, bytes = new Uint8Array(await file.arrayBuffer());
      target.value = "";  // so that the same file can be chosen again
      page.openMemory(bytes);
      say(text("page.opened", {name: file.name, steps: number(page.learners[0].num_timesteps)}));
    });
    byId("colours").style.background = `linear-gradient(90deg, ${data.colours.stops.map(css).join()})`;
    byId("open-tour").hidden = !data.stations.length;
    addEventListener("hashchange", () => location.hash !== page.link && attempt(() => page.openLink()));
  }

  titleOf(name) {
    const {kitchens: titles} = data.texts.page;
    return Object.hasOwn(titles, name) ? titles[name] : this.page.kitchens[name].title;
  }

  // Make the pictures of the learners, and return them.
  build() {
    const {page, page: {learners, kitchen}} = this;
    const heads = learners.map((_, i) => {
      const head = cloned("learner"), [line, floor] = head.children;
      line.firstElementChild.textContent = learners.length > 1 ? text("page.learner", {name: "AB"[i]}) : "";
      const titles = [this.titleOf(page.name), line.firstElementChild.textContent];
      floor.ariaLabel = text("page.floor_label", {name: titles.filter(Boolean).join(", ")});
      floor.onkeydown = (event) => this.press(event, i);
      return head;
    });
    byId("floors").replaceChildren(...heads);
    document.querySelector("main").classList.toggle("two", learners.length > 1);
    this.scores = heads.map((head) => head.firstElementChild);
    return heads.map((head, i) => new Floor(head.lastElementChild, kitchen, (child) => page.stand(child, i)));
  }

  // On the kitchen, keys act in a game; otherwise the arrows put the child on the next cell.
  press(event, i) {
    const {page, page: {kitchen, game}} = this, {key, ctrlKey, altKey, metaKey} = event;
    const action = KEYS[key.length === 1 ? key.toLowerCase() : key];
    if (action === undefined || ctrlKey || altKey || metaKey || !game && action > 3) return;
    event.preventDefault();
    if (game && !game.policy) return page.act(action);
    const [row, column] = kitchen.cells[kitchen.states.child[page.stands[i]]];
    const [down, right] = [[-1, 0], [1, 0], [0, -1], [0, 1]][action];
    page.stand(kitchen.cells.findIndex(([r, c]) => r === row + down && c === column + right), i);
  }

  draw() {
    const {page, page: {learners: [{num_timesteps, settings, recorded}]}} = this;
    document.body.classList.toggle("playing", page.playing);
    document.body.classList.toggle("recorded", recorded !== undefined);
    write("subtitle", recorded === undefined ? text("page.subtitle") : runWords(data.run));
    byId("go-on").hidden = !data.run?.memory;
    byId("legend").hidden = Boolean(page.learners[0].probabilities);
    byId("play").ariaLabel = text(page.playing ? "page.pause" : "page.play");
    const [key, value] = Object.entries(page.difference ?? {none: null})[0];
    const chosen = {kitchen: page.name, algorithm: settings.algorithm, seed: settings.seed};
    for (const [name, one] of Object.entries({...chosen, difference: key === "algorithm" ? value : key}))
      byId(`choose-${name}`).value = one;
    for (const option of byId("choose-difference").options)
      option.hidden = option.disabled = option.value === settings.algorithm;
    write("low", number(page.scale.low));
    write("high", number(page.scale.high));
    write("speed-shown", text(`page.speeds.${byId("speed").value}`));
    write("forget-share", text("page.forget_share", {share: `${byId("share").value} %`}));
    for (const slider of this.sliders) slider.draw(page);
    this.drawTimeline(page.histories, num_timesteps);
  }

  drawCounts({num_timesteps, num_episodes}) {  // in each frame; all else a few times a second
    write("steps", number(num_timesteps));
    write("episodes", number(num_episodes));
  }

  drawScore(i, {mean_return, random, optimum, percent}) {
    const [, shown, bounds, told] = this.scores[i].children;
    shown.textContent = percentage(percent);
    const numbers = {now: number(mean_return), random: number(random), optimum: number(optimum)};
    bounds.textContent = text("page.between", numbers);
    if (!this.page.playing) told.textContent = text("page.percent", {percent: shown.textContent});
  }

  // The percent of each learner over the steps, from -50 to 100; and the step that is shown.
  drawTimeline(histories, step) {
    const last = Math.max(...histories.map((history) => history.last)), time = byId("time");
    const across = (steps) => 1000 * steps / (last || 1);
    const point = ([steps, percent]) => `${across(steps)} ${(100 - Math.max(-50, percent)) / 1.5}`;
    document.querySelectorAll("#curve .own").forEach((path, i) => {
      const known = histories[i]?.curve.filter(([, percent]) => Number.isFinite(percent)) ?? [];
      path.setAttribute("d", known.length ? `M${known.map(point).join("L")}` : "");
    });
    byId("now").setAttribute("transform", `translate(${across(step)})`);
    Object.assign(time, {max: last, value: step});
    const words = {step: number(step), last: number(last)};
    time.ariaValueText = text(step < last ? "page.rewound" : "page.when", words);
    write("when", time.ariaValueText);
  }
}
