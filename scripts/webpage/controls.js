// Everything around the kitchen: buttons, choices, sliders, scores, timeline and keys.

const KEYS = { // of the actions, in their order
  ArrowUp: 0, ArrowDown: 1, ArrowLeft: 2, ArrowRight: 3, c: 4, " ": 5, r: 6, 1: 7, 2: 8, 3: 9,
};
const MOVES = [[-1, 0], [1, 0], [0, -1], [0, 1]]; // rows and columns, of the first four actions
const EVENTS = ["click", "input", "change", "focusin", "focusout"]; // data-click="step 1" calls page.step(1)
const CHOICES = ["kitchen", "algorithm", "difference"];
const SECOND = {learning_rate: {learning_rate: 0.02}, exploration: {exploration: 0.1}}; // of a second learner

const eventSentence = (key, {action, event, ...values}) => // what happened in an episode
  text(`page.${key}`, {action: actionWords(action), event: eventWords(event), ...values});

// The setting of a slider of page.html, of the first or the second learner, with the stops of the slider.
function sliderOf(element) {
  const [key, second] = element.closest(".slider").dataset.key.split("_second");
  const stops = JSON.parse(byId("settings").dataset.stops);
  return {key, which: second === undefined ? 0 : 1, stops: stops[key] ?? stops.happiness};
}

function drawSlider(element, {differs, learners}) {
  const {key, which, stops} = sliderOf(element), [, falling, field, range] = element.children;
  put(element, {hidden: which > 0 && key !== differs});
  if (element.hidden) return;
  const {settings, happiness, num_timesteps, epsilon, recorded, kitchen} = learners[which];
  const value = key === "exploration" ? epsilon : happiness[key] ?? settings[key];
  const falls = num_timesteps < settings.exploration_steps && epsilon !== settings.exploration_final_eps;
  const fixed = key === "initial_value" ? num_timesteps > 0 : key in happiness && Boolean(kitchen.shaped);
  const distances = stops.map(stop => Math.abs(stop - value)), disabled = recorded !== undefined || fixed;
  const ariaValueText = number(value, 4), nearest = distances.indexOf(Math.min(...distances));
  put(falling, {textContent: falls && key === "exploration" ? text("page.falling") : ""});
  put(range, {max: String(stops.length - 1), value: String(nearest), ariaValueText, disabled});
  put(field, {disabled, value: document.activeElement === field ? field.value : ariaValueText});
}

class Controls {
  constructor(page) {
    this.page = page;
    for (const type of EVENTS) document.addEventListener(type, ({target}) => {
      const [method, ...words] = target.closest(`[data-${type}]`)?.dataset[type].split(" ") ?? [];
      const owner = target.closest("#cookies") ? page.cookies : page;
      const given = type === "click" ? words.map(Number) : [target];
      if (method) attempt(() => owner[method](...given));
    });
    addEventListener("hashchange", () => location.hash !== page.hash && attempt(() => page.openLink()));
    byId("colours").style.background = `linear-gradient(90deg, ${data.colours.map(css).join()})`;
    byId("go-on").hidden = !data.run?.memory;
  }

  // Make the pictures of the learners, and return them.
  build() {
    const {page, page: {learners, kitchen}} = this, title = byId("choose-kitchen").selectedOptions[0].text;
    return learners.map((_, i) => {
      const [{firstElementChild: name}, floor] = byId("floors").children[i].children;
      const titles = learners.length > 1 ? [title, name.textContent] : [title];
      floor.ariaLabel = text("page.floor_label", {name: titles.join(", ")});
      floor.onkeydown = event => this.press(event, i);
      return new Floor(floor, kitchen, child => page.stand(child, i));
    });
  }

  // On the kitchen, keys act in a game; otherwise the arrows put the child on the next cell.
  press(event, i) {
    const {page, page: {kitchen: {cells, states}, game}} = this, {key, ctrlKey, altKey, metaKey} = event;
    const action = KEYS[key.length === 1 ? key.toLowerCase() : key];
    if (action === undefined || ctrlKey || altKey || metaKey || !game && action > 3) return;
    event.preventDefault();
    if (game && !game.policy) return page.act(action);
    const [row, column] = cells[states.child[page.views[i].state]], [down, right] = MOVES[action];
    page.stand(cells.findIndex(([r, c]) => r === row + down && c === column + right), i);
  }

  draw({step}) {
    const {page, page: {learners: [learner, second], scale, run, playing, differs}} = this;
    const {settings, num_timesteps, probabilities} = learner, seed = byId("choose-seed");
    const marks = {playing, recorded: run, two: second, probabilities, stepped: step};
    for (const [mark, is] of Object.entries(marks)) document.body.classList.toggle(mark, Boolean(is));
    const algorithm = data.texts.page.algorithms[run?.algorithm] ?? run?.algorithm;
    const title = text(`page.panel.${probabilities ? "probabilities" : "values"}`);
    const name = second ? `: ${text("page.learner", {name: "AB"[page.active]})}` : "";
    const words = {
      subtitle: run ? text("page.run", {...run, algorithm}) : text("page.subtitle"), happening: page.told,
      low: number(scale.low), high: number(scale.high),
      "panel-title": title + name, state: stateWords(page.kitchen, page.shown),
      "speed-shown": text(`page.speeds.${byId("speed").value}`),
      "forget-share": text("page.forget_share", {share: `${byId("share").value} %`}),
    };
    for (const [id, textContent] of Object.entries(words)) put(byId(id), {textContent});
    const other = differs === "algorithm" ? second.settings.algorithm : differs ?? "none";
    const choices = [page.name, settings.algorithm, other];
    CHOICES.forEach((choice, i) => put(byId(`choose-${choice}`), {value: choices[i]}));
    if (document.activeElement !== seed) put(seed, {value: String(settings.seed ?? 0)});
    for (const one of byId("choose-difference").options) one.disabled = one.value === settings.algorithm;
    put(byId("play"), {ariaLabel: text(playing ? "page.pause" : "page.play")});
    for (const element of document.querySelectorAll(".slider")) drawSlider(element, page);
    page.scores.forEach((found, i) => this.drawScore(byId("floors").children[i].firstElementChild, found));
    this.drawTimeline(page.histories, page.scores, num_timesteps);
  }

  drawScore({children: [, shown, bounds, told]}, {mean_return, random, optimum, percent}) {
    put(shown, {textContent: percentage(percent)});
    put(bounds, {textContent: text("page.between", {now: mean_return, random, optimum})});
    if (!this.page.playing) put(told, {textContent: text("page.percent", {percent: percentage(percent)})});
  }

  // The percent of each learner over the steps, from -50 to 100; and the step that is shown.
  drawTimeline(histories, scores, step) {
    const last = Math.max(...histories.map(history => history.last));
    const across = steps => 1000 * steps / (last || 1);
    const point = ([steps, percent]) => `${across(steps)} ${(100 - Math.max(-50, percent)) / 1.5}`;
    document.querySelectorAll("#curve .own").forEach((path, i) => {
      const all = histories[i] ? [...histories[i].curve, [step, scores[i].percent]] : [];
      const known = all.filter(([, percent]) => Number.isFinite(percent)).sort(([a], [b]) => a - b);
      setAttributes(path, {d: known.length ? `M${known.map(point).join("L")}` : ""});
    });
    const words = text(step < last ? "page.rewound" : "page.when", {step, last});
    setAttributes(byId("now"), {transform: `translate(${across(step)})`});
    put(byId("when"), {textContent: words});
    const gap = this.page.run ? last / (histories[0].curve.length - 1) : 1; // arrow keys go by snapshots
    put(byId("time"), {max: String(last), step: String(gap), value: String(step), ariaValueText: words});
  }
}
