// The tour: stations to predict, look and explain, then the quiz. Drives the page by the same operations and
// measures as teaching/stations.py. Uses texts.js, exact.js, memory.js, floor.js and panel.js.

function measures(learner) {
  const {table, kitchen, settings, num_timesteps: steps} = learner, {percent, mean_return} = score(learner);
  const way = greedyWay(learner), row = Array.from(rowOf(learner, 0));
  return {
    steps, numbers: table.length, states: kitchen.S, way: way.length, first: actionWords(way[0][1]),
    row: row.map((value) => value.toFixed(2)).join("  "), start: Math.max(...row).toFixed(2),
    changed: table.filter((value) => value !== settings.initial_value).length,
    percent: Math.round(percent) + 0, happiness: mean_return.toFixed(2),
    random: kitchen.random.toFixed(2), optimum: kitchen.optimum.toFixed(2),
    phases: data.stations.flatMap(({phase}) => phase ?? []).join(", "),
  };
}

const OPERATIONS = {  // of the tour, which has the page and the facts, on the learner of the page
  start: ({page}, learner, kitchen, settings) => page.start(kitchen, settings),
  learn: ({page}, learner, steps) => page.learn(steps),
  edit: ({page}, learner, state, value) => page.edit(state, learner.greedy()[state], value),
  forget: ({page}, learner, which) => page.forget(which),
  note: ({facts}, learner, name, measure) => { facts[name] = measures(learner)[measure]; },
  largest: ({facts}, learner, name, names) => { facts[name] = Math.max(...names.map((key) => facts[key])); },
  step({page, facts}) {
    const step = page.step(), name = actionWords(step.action);
    Object.assign(facts, step, {name, error: step.target - step.before});
  },
  "save and open"({page, facts}, learner, further) {
    const bytes = saveMemory(learner), copy = openMemory(bytes, page.kitchens), {table} = copy;
    for (const one of [page, copy]) one.learn(further);
    const same = table.filter((value, i) => value === learner.table[i]).length;
    Object.assign(facts, {bytes: bytes.length, stored: table.length, further, same});
  },
};

class Tour {
  constructor(page) {
    const kept = {number: 0, attempt: 0, marks: "", before: "", after: ""};
    try { Object.assign(kept, JSON.parse(localStorage.tour)); } catch { /* nothing kept, or no storage */ }
    Object.assign(this, {page, kept});
    byId("tour-words").oninput = ({target}) => this.keep({[this.stage.words]: target.value});
    byId("tour-next").onclick = () => this.show(kept.number + 1);
  }

  keep(changes) {
    Object.assign(this.kept, changes);
    try { localStorage.tour = JSON.stringify(this.kept); } catch { /* the progress ends with the page */ }
  }

  do(operations = []) {
    for (const [name, ...values] of operations) OPERATIONS[name](this, this.page.learners[0], ...values);
  }

  line(name, key, more = {}) {  // an element with a text, in which the facts have 4 decimals
    const words = (fact) => fact?.toLocaleString("en", {maximumFractionDigits: 4, signDisplay: "negative"});
    const facts = Object.fromEntries(Object.entries(this.facts).map(([name, fact]) => [name, words(fact)]));
    return Object.assign(document.createElement(name), {textContent: text(key, facts), ...more});
  }

  show(wanted) {  // a station, or after the stations a question of the quiz
    const {page, kept} = this, {stations, quiz} = data, stages = [...stations, ...quiz];
    const number = stages[wanted]?.id ? wanted : 0, asked = Math.max(0, number - stations.length + 1);
    const points = String(kept.marks).split("1").length - 1, ended = asked === quiz.length;
    const failed = ended && points < asked - 2, stage = failed ? {id: "again"} : stages[number];
    const {choices = []} = stage, section = asked ? "quiz" : "tour";
    const seed = asked && Math.abs(kept.attempt | 0) % 30;  // after 30 attempts, the numbers come again
    const key = `${section}.${stage.id}`, facts = {...kept, number: asked || number, points};
    Object.assign(this, {stage, key, asked, facts});
    this.keep(failed ? {number: stations.length - 1, attempt: kept.attempt + 1} : {number});
    page.start(stage.kitchen ?? "corner", {seed});
    this.do(stage.before);
    if (asked) page.start("corner");  // the page would give the answer away
    const place = this.line("p", `${section}.place`, {className: "place", hidden: choices.length === 0});
    const title = this.line("h2", `${key}.title`, {tabIndex: -1});
    byId("tour-parts").replaceChildren(place, title, this.line("p", `${key}.question`));
    byId("tour-parts").append(...choices.map((_, i) => {
      const choice = (i + asked) % choices.length, onclick = ({target}) => this.choose(choice, target);
      return this.line("button", `${key}.choices.${choice}`, {onclick});
    }));
    Object.assign(byId("tour-words"), {hidden: !stage.words, value: kept[stage.words] ?? ""});
    byId("tour-next").hidden = choices.length > 0 || stage.words === "after";
    title.focus();
  }

  async choose(choice, button) {
    const {stage, key, facts, asked, kept: {marks}} = this, parts = byId("tour-parts");
    const verdict = this.line("p", "tour.measuring", {className: "verdict"});
    for (const other of parts.querySelectorAll("button")) other.disabled = true;
    button.ariaPressed = "true";
    parts.append(verdict);
    await new Promise((show) => setTimeout(show, 30));
    this.do(stage.operations);
    const right = stage.choices.findIndex((range) => {
      const [low, high = low] = [range].flat().map((word) => facts[word] ?? word);
      return low <= facts[stage.answer] && facts[stage.answer] <= high;
    });
    if (asked) this.keep({marks: `${marks}`.slice(0, asked - 1) + Number(right === choice)});
    facts.answer = this.line("b", `${key}.choices.${right}`).textContent;
    verdict.textContent = this.line("b", `tour.${right === choice ? "right" : "wrong"}`).textContent;
    parts.append(this.line("p", `${key}.see`), ...asked ? [] : [this.line("p", `${key}.why`)]);
    byId("tour-next").hidden = false;
    byId("tour-next").focus();
  }
}
