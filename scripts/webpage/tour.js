// The tour: stations to predict, look and explain, then the quiz. Drives the page by the same operations and
// measures as teaching/stations.py. Uses texts.js, exact.js, memory.js, floor.js and panel.js.

function measures(learner) {
  const {table, kitchen, settings, num_timesteps: steps} = learner, {percent, mean_return} = score(learner);
  const way = greedyWay(learner), row = Array.from(rowOf(learner, 0));
  return {
    steps, numbers: table.length, states: kitchen.S, way: way.length, first: actionWords(way[0][1]),
    row: row.map(value => value.toFixed(2)).join("  ").replaceAll("-0.00", "0.00"),
    changed: table.filter(value => value !== settings.initial_value).length,
    percent: Math.round(percent) + 0, happiness: mean_return.toFixed(2), start: Math.max(...row).toFixed(2),
    random: kitchen.random.toFixed(2), optimum: kitchen.optimum.toFixed(2),
    phases: data.stations.flatMap(({phase}) => phase ?? []).join(", "),
  };
}

const OPERATIONS = { // of the tour, on the page and the facts
  start: (page, facts, kitchen, settings) => page.start(kitchen, settings),
  learn: (page, facts, steps) => page.learn(steps),
  edit: (page, facts, state, value) => page.edit(state, page.learner.greedy()[state], value),
  forget: (page, facts, which) => page.forget(which),
  note: (page, facts, name, measure) => { facts[name] = measures(page.learner)[measure]; },
  largest: (page, facts, name, names) => { facts[name] = Math.max(...names.map(key => facts[key])); },
  step(page, facts) {
    const step = page.step();
    Object.assign(facts, step, {name: actionWords(step.action), error: step.target - step.before});
  },
  "save and open"(page, facts, further) {
    const bytes = saveMemory(page.learner), copy = openMemory(bytes, page.kitchens), {table} = copy;
    for (const one of [page, copy]) one.learn(further);
    const same = table.filter((value, i) => value === page.learner.table[i]).length;
    Object.assign(facts, {bytes: bytes.length, stored: table.length, further, same});
  },
};

class Tour {
  constructor(page) {
    const kept = {number: 0, attempt: 0, marks: {}, before: "", after: ""};
    try {
      const found = JSON.parse(localStorage.tour), isOne = key => typeof found[key] === typeof kept[key];
      for (const key of Object.keys(kept).filter(isOne)) kept[key] = found[key];
    } catch { /* nothing kept */ }
    Object.assign(this, {page, kept});
    byId("tour-words").oninput = ({target}) => this.keep({[this.stage.words]: target.value});
    byId("tour-next").onclick = () => this.show(this.kept.number + 1);
  }

  keep(changes) {
    Object.assign(this.kept, changes);
    try { localStorage.tour = JSON.stringify(this.kept); } catch { /* the progress ends with the page */ }
  }

  line(name, key, more = {}) { // an element with a text, in which the facts have 4 decimals
    const words = fact => fact.toLocaleString("en", {maximumFractionDigits: 4, signDisplay: "negative"});
    return Object.assign(document.createElement(name), {textContent: text(key, this.facts, words), ...more});
  }

  show(number) { // a station, or after them a question of the quiz; by default, the last one shown
    const {kept} = this, {stations, quiz} = data, stages = [...stations, ...quiz];
    const points = quiz.filter(({id}) => kept.marks?.[id]).length;
    let stage = stages[number] ?? stages[kept.number] ?? stages[0];
    this.keep({number: stages.indexOf(stage)});
    if (stage.words === "after" && points < quiz.length - 2) {
      stage = {id: "quiz.again"};
      this.keep({number: stations.length - 1, attempt: kept.attempt + 1, marks: {}});
    }
    const {id, words, choices = []} = stage;
    Object.assign(this, {stage, facts: {...kept, points}});
    this.measure([]);
    const title = this.line("h2", `${id}.title`, {tabIndex: -1}), buttons = choices.map((_, choice) =>
      this.line("button", `${id}.choices.${choice}`, {onclick: () => this.choose(choice, buttons)}));
    byId("tour-parts").replaceChildren(title, this.line("p", `${id}.question`), ...buttons);
    Object.assign(byId("tour-words"), {hidden: !words, value: kept[words] ?? ""});
    byId("tour-next").hidden = choices.length > 0 || words === "after";
    title.focus();
  }

  measure(operations) { // from the start, for the page may have been used since the question was asked
    const {page, stage, kept, facts} = this, {kitchen = "corner", before = []} = stage;
    page.start(kitchen, {seed: data.quiz.includes(stage) ? Math.abs(kept.attempt | 0) % 30 : 0});
    for (const [name, ...values] of [...before, ...operations]) OPERATIONS[name](page, facts, ...values);
  }

  async choose(choice, buttons) {
    const {facts, stage: {id, choices, answer, operations = []}} = this;
    const verdict = this.line("b", "tour.measuring"), next = byId("tour-next");
    for (const button of buttons) button.disabled = true;
    buttons[choice].ariaPressed = "true";
    byId("tour-parts").append(verdict);
    await new Promise(shown => setTimeout(shown, 30));
    this.measure(operations);
    const value = word => facts[word] ?? word, found = facts[answer];
    const right = choices.findIndex(([low, high]) => value(low) <= found && found <= value(high));
    this.keep({marks: {...this.kept.marks, [id]: right === choice}});
    facts.answer = buttons[right].textContent;
    const judged = this.line("b", right === choice ? "tour.right" : "tour.wrong");
    verdict.replaceWith(judged, this.line("p", `${id}.see`), this.line("p", `${id}.why`));
    next.hidden = false;
    next.focus({preventScroll: true});
    next.scrollIntoView({block: "nearest"}); // no further than needed: the kitchen stays in sight
  }
}
