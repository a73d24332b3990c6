// Everything around the kitchen: events, choices, sliders, scores, timeline and keys.

const KEYS = ["arrowup", "arrowdown", "arrowleft", "arrowright", "c", " ", "r", "1", "2", "3"]; // of actions
const EVENTS = ["click", "input", "change", "focusin", "focusout"]; // data-click="step 1" calls page.step(1)

const eventSentence = (key, {action, event, ...values}) => // what happened in an episode
  text(`page.${key}`, {action: actionWords(action), event: eventWords(event), ...values});

function listen(page) {
  for (const type of EVENTS) document.addEventListener(type, ({target}) => {
    const [method, ...words] = target.closest(`[data-${type}]`)?.dataset[type].split(" ") ?? [];
    const owner = page[target.closest("[data-owner]")?.dataset.owner] ?? page;
    if (method) attempt(() => owner[method](...type === "click" ? words.map(Number) : [target]));
  });
  window.onhashchange = () => ["", page.hash].includes(location.hash) || attempt(() => page.openLink());
}

// Make the pictures of the learners, and return them. In them, keys act in a game; otherwise the arrows put
// the child on the next cell.
function makeFloors(page) {
  const {learners, kitchen, kitchen: {A, K, states, next_state}} = page;
  const [{text: title}] = byId("choose-kitchen").selectedOptions;
  return learners.map((_, i) => {
    const [{firstElementChild: name}, floor] = byId("floors").children[i].children;
    floor.ariaLabel = text("page.floor_label", {name: learners[1] ? `${title}, ${name.textContent}` : title});
    floor.onkeydown = event => {
      const {key, ctrlKey, altKey, metaKey} = event, action = KEYS.indexOf(key.toLowerCase());
      if (action < 0 || ctrlKey || altKey || metaKey || !page.game && action > 3) return;
      event.preventDefault();
      if (page.game && !page.game.policy) return page.act(action);
      page.stand(states.child[next_state[(page.views[i].state * A + action) * K]], i);
    };
    return new Floor(floor, kitchen, child => page.stand(child, i));
  });
}

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
  put(falling, falls && key === "exploration" ? text("page.falling") : "");
  put(range, {max: String(stops.length - 1), value: String(nearest), ariaValueText, disabled});
  put(field, {disabled, value: document.activeElement === field ? field.value : ariaValueText});
}

function drawControls(page, {step}) {
  const {learners: [learner, second], histories, scores, scale, run, playing, differs, kitchen} = page;
  const {settings, num_timesteps: now, probabilities} = learner, seed = byId("choose-seed");
  const last = Math.max(...histories.map(history => history.last));
  const gap = run ? last / (histories[0].curve.length - 1) : 1; // arrow keys go by steps, or by snapshots
  const algorithm = data.texts.page.algorithms[run?.algorithm] ?? run?.algorithm;
  const title = text(`page.panel.${probabilities ? "probabilities" : "values"}`);
  const when = text(now < last ? "page.rewound" : "page.when", {step: now, last});
  const shownNow = {
    subtitle: run ? text("page.run", {...run, algorithm}) : text("page.subtitle"),
    play: {ariaLabel: text(playing ? "page.pause" : "page.play")},
    "speed-shown": text(`page.speeds.${byId("speed").value}`),
    "choose-kitchen": {value: kitchen.name}, "choose-algorithm": {value: settings.algorithm},
    "choose-difference": {value: differs === "algorithm" ? second.settings.algorithm : differs ?? "none"},
    "choose-seed": {value: document.activeElement === seed ? seed.value : String(settings.seed ?? 0)},
    low: number(scale.low), high: number(scale.high), happening: page.told,
    "panel-title": title + (second ? `: ${text("page.learner", {name: "AB"[page.active]})}` : ""),
    state: stateWords(kitchen, page.shown), when,
    time: {max: String(last), step: String(gap), value: String(now), ariaValueText: when},
    "forget-share": text("page.forget_share", {share: `${byId("share").value} %`}),
  };
  for (const [id, properties] of Object.entries(shownNow)) put(byId(id), properties);
  mark(document.body, {playing, recorded: run, two: second, probabilities, stepped: step});
  for (const one of byId("choose-difference").options) one.disabled = one.value === settings.algorithm;
  for (const element of document.querySelectorAll(".slider")) drawSlider(element, page);
  scores.forEach(({mean_return, percent, ...bounds}, i) => {
    const [, shown, between, told] = byId("floors").children[i].firstElementChild.children;
    put(shown, percentage(percent));
    put(between, text("page.between", {now: mean_return, ...bounds}));
    if (!playing) put(told, text("page.percent", {percent: percentage(percent)}));
  });
  drawCurves(histories, scores, now, last || 1);
}

// The percent of each learner over the steps, from -50 to 100; and the step that is shown.
function drawCurves(histories, scores, step, last) {
  const point = ([steps, percent]) => `${1000 * steps / last} ${(100 - Math.max(-50, percent)) / 1.5}`;
  document.querySelectorAll("#curve .own").forEach((path, i) => {
    const all = histories[i] ? [...histories[i].curve, [step, scores[i].percent]] : [];
    const known = all.filter(([, percent]) => Number.isFinite(percent)).sort(([a], [b]) => a - b);
    path.setAttribute("d", known.length ? `M${known.map(point).join("L")}` : "");
  });
  byId("now").setAttribute("transform", `translate(${1000 * step / last})`);
}
