// Everything around the kitchen: sliders, scores, counts, timeline and keys. Shows the state of the page.

const KEYS = {  // in the order of the actions
  ArrowUp: 0, ArrowDown: 1, ArrowLeft: 2, ArrowRight: 3, c: 4, " ": 5, r: 6, 1: 7, 2: 8, 3: 9,
};
const SECOND = {learning_rate: 0.02, exploration: 0.1};  // of a second learner that differs from the first

// A slider over chosen numbers, and a field for any number between two limits. See page.html.
class Slider {
  constructor(element, change) {
    const {key, which, stops, low, high} = element.dataset, [field, range] = element.querySelectorAll("input");
    Object.assign(this, {element, key, field, range, which: Number(which ?? 0), stops: stops.split(" ").map(Number)});
    range.oninput = () => change(this, this.stops[range.value]);
    field.onchange = () => change(this, readNumber(field, Number(low), Number(high)) ?? this.value);
  }

  show(value, note = "") {
    const distances = this.stops.map((stop) => Math.abs(stop - value));
    this.value = value;
    this.element.querySelector("small").textContent = note;
    this.range.value = distances.indexOf(Math.min(...distances));
    this.range.ariaValueText = number(value, 4);
    if (document.activeElement !== this.field) this.field.value = number(value, 4);
  }
}

class Controls {
  constructor(page) {
    this.page = page;
    document.addEventListener("click", ({target}) => {
      const button = target.closest("[data-call]");
      if (button) page[button.dataset.call](button);
    });
    this.sliders = Array.from(document.querySelectorAll(".slider"), (element) => new Slider(element, (slider, value) =>
      page.set(slider.key, value, slider.which)));
    const names = Object.keys(page.kitchens);
    byId("choose-kitchen").append(...names.map((name) => new Option(text(page.kitchens[name].title), name)));
    byId("choose-kitchen").onchange = ({target}) => page.restart({}, target.value);
    byId("choose-algorithm").onchange = ({target}) => page.restart({algorithm: target.value});
    byId("choose-seed").onchange = ({target}) => page.restart({seed: Math.round(readNumber(target, 0, 2 ** 32 - 1) ?? 0)});
    byId("choose-difference").onchange = ({target: {value}}) => page.start(page.name, page.settings,
      value === "none" ? null : value in SECOND ? {[value]: SECOND[value]} : {algorithm: value});
    byId("time").oninput = ({target}) => page.goTo(Number(target.value));
    byId("speed").oninput = byId("share").oninput = () => page.redraw();
    byId("open").onchange = ({target}) => page.openFile(target);
    byId("colours").style.background = `linear-gradient(90deg, ${data.colours.stops.map(css).join()})`;
  }

  // Make the pictures of the learners, and return them.
  build() {
    const {page} = this, {learners, kitchen} = page;
    const heads = learners.map((learner, i) => {
      const head = cloned("learner"), floor = head.querySelector(".floor");
      const name = learners.length > 1 ? text("page.learner", {name: "AB"[i]}) : "";
      head.querySelector(".name").textContent = name;
      floor.ariaLabel = text("page.floor_label", {name});
      floor.onkeydown = (event) => this.press(event, i);
      floor.onfocus = () => page.turnTo(i);
      return head;
    });
    byId("floors").replaceChildren(...heads);
    document.querySelector("main").classList.toggle("two", learners.length > 1);
    this.scores = heads.map((head) => head.firstElementChild);
    return heads.map((head, i) => new Floor(head.querySelector(".floor"), kitchen, (child) => page.stand(child, i)));
  }

  // On the kitchen, keys act in a game; otherwise arrows put the child on the next cell.
  press(event, i) {
    const {page} = this, action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (page.game) return page.act(action);
    if (action > 3) return;
    const [row, column] = page.kitchen.cells[page.kitchen.states.child[page.stands[i]]];
    const [down, right] = [[-1, 0], [1, 0], [0, -1], [0, 1]][action];
    page.stand(page.kitchen.cells.findIndex(([r, c]) => r === row + down && c === column + right), i);
  }

  draw() {
    const {page} = this, [{num_timesteps, num_episodes, settings}] = page.learners;
    document.body.classList.toggle("playing", page.playing);
    document.body.classList.toggle("recorded", Boolean(page.learners[0].recorded));
    byId("play").ariaLabel = text(page.playing ? "page.pause" : "page.play");
    byId("steps").textContent = number(num_timesteps);
    byId("episodes").textContent = number(num_episodes);
    byId("speed-shown").textContent = text(`page.speeds.${byId("speed").value}`);
    byId("forget-share").textContent = text("page.forget_share", {share: `${byId("share").value} %`});
    byId("choose-kitchen").value = page.name;
    byId("choose-algorithm").value = settings.algorithm;
    byId("choose-seed").value = settings.seed;
    const [key, value] = Object.entries(page.difference ?? {none: null})[0];
    byId("choose-difference").value = key === "algorithm" ? value : key;
    byId("low").textContent = number(page.scale.low);
    byId("high").textContent = number(page.scale.high);
    for (const slider of this.sliders) this.drawSlider(slider);
    this.drawTimeline(page.histories, num_timesteps);
  }

  drawSlider(slider) {
    const {key, which, element, field, range} = slider, {difference, learners} = this.page;
    element.hidden = which > 0 && !(key in (difference ?? {}));
    if (element.hidden) return;
    const {settings, happiness, num_timesteps, epsilon, recorded, kitchen} = learners[which];
    const falls = num_timesteps < settings.exploration_steps && epsilon !== settings.exploration_final_eps;
    const value = key === "exploration" ? epsilon : happiness[key] ?? settings[key];
    slider.show(value, key === "exploration" && falls ? text("page.falling") : "");
    const fixed = key === "initial_value" ? num_timesteps > 0 : key in happiness && kitchen.shaped;
    field.disabled = range.disabled = Boolean(recorded || fixed);
  }

  drawScore(i, {mean_return: now, random, optimum, percent}) {
    const [, shown, bounds, told] = this.scores[i].children;
    shown.textContent = percentage(percent);
    bounds.textContent = text("page.between", {now: number(now), random: number(random), optimum: number(optimum)});
    if (!this.page.playing) told.textContent = text("page.percent", {percent: percentage(percent)});
  }

  // The percent of each learner over the steps, from -50 to 100; and the step that is shown.
  drawTimeline(histories, step) {
    const last = Math.max(1, ...histories.map((history) => history.last)), time = byId("time");
    const height = (percent) => 100 - 100 * (Math.max(-50, percent) + 50) / 150;
    const paths = document.querySelectorAll("#curve .first, #curve .second");
    paths.forEach((path, i) => path.setAttribute("d", (histories[i]?.curve ?? []).map(([steps, percent], n) =>
      `${n ? "L" : "M"}${1000 * steps / last} ${height(percent)}`).join("")));
    byId("now").setAttribute("transform", `translate(${1000 * step / last})`);
    Object.assign(time, {max: last, value: step});
    time.ariaValueText = text(step < last ? "page.rewound" : "page.when", {step: number(step), last: number(last)});
    byId("when").textContent = time.ariaValueText;
  }
}
