// The tour: stations to predict, look and explain, then the quiz. Drives the page by the operations and measures
// of teaching/stations.py. Uses texts.js, exact.js, memory.js, floor.js and panel.js.

const ATTEMPTS = 30;  // of the quiz, before its numbers come again
const noteStep = (facts, step) =>
  Object.assign(facts, step, {name: actionWords(step.action), error: step.target - step.before});

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
  step: ({page, facts}) => noteStep(facts, page.step()),
  edit: ({page}, learner, state, value) => page.edit(state, learner.greedy()[state], value),
  forget: ({page}, learner, which) => page.forget(which),
  largest: ({facts}, learner, name, names) => { facts[name] = Math.max(...names.map((other) => facts[other])); },
  note: ({facts}, learner, name, measure) => { facts[name] = measures(learner)[measure]; },
  "learn until positive"({page, facts}, learner, count) {
    while (learner.table.filter((value) => value > 0).length < count) noteStep(facts, page.histories[0].step());
    page.learn(0);
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
  }

  keep(changes) {
    Object.assign(this.kept, changes);
    try { localStorage.tour = JSON.stringify(this.kept); } catch { /* the progress ends with the page */ }
  }

  do(operations = []) {
    for (const [name, ...values] of operations) OPERATIONS[name](this, this.page.learners[0], ...values);
  }

  say(key) {
    const words = (fact) => fact?.toLocaleString("en", {maximumFractionDigits: 4, signDisplay: "negative"});
    return text(key, Object.fromEntries(Object.entries(this.facts).map(([name, fact]) => [name, words(fact)])));
  }

  line(name, key, more = {}) {
    return Object.assign(document.createElement(name), {textContent: key && this.say(key), ...more});
  }

  next() {
    return this.line("button", "tour.next", {onclick: () => this.show(this.kept.number + 1)});
  }

  show(number = this.kept.number) {  // a station, or a question of the quiz
    const {page, kept} = this, {stations, quiz} = data, asked = Math.max(0, number - stations.length + 1);
    const points = `${kept.marks}`.split("1").length - 1, failed = asked === quiz.length && points < asked - 2;
    const stage = failed ? {id: "again"} : [...stations, ...quiz][number] ?? stations[0], {words, choices = []} = stage;
    const section = asked ? "quiz" : "tour", key = `${section}.${stage.id}`, seed = asked && Math.abs(kept.attempt | 0) % ATTEMPTS;
    Object.assign(this, {stage, key, asked, facts: {...kept, number: asked || number, points}});
    this.keep(failed ? {number: stations.length - 1, attempt: kept.attempt + 1} : {number});
    page.start(stage.kitchen ?? "corner", {seed});
    this.do(stage.before);
    if (asked) page.start("corner");  // the page would give the answer away
    const title = this.line("h2", `${key}.title`, {tabIndex: -1}), parts = [title, this.line("p", `${key}.question`)];
    if (choices.length > 0) parts.unshift(this.line("p", `${section}.place`));
    else if (words !== "after") parts.push(this.next());
    if (words) parts.push(this.line("textarea", "", {
      value: kept[words], maxLength: 2000, ariaLabel: text("tour.your_words"),
      oninput: ({target: {value}}) => this.keep({[words]: value}),
    }));
    byId("tour-parts").replaceChildren(...parts, ...choices.map((_, i) => {
      const choice = (i + asked) % choices.length, onclick = ({target}) => this.choose(choice, target);
      return this.line("button", `${key}.choices.${choice}`, {onclick});
    }));
    title.focus();
  }

  choose(choice, button) {
    const {stage, key, facts, asked} = this, next = this.next();
    this.do(stage.operations);
    const right = stage.choices.findIndex((range) => {
      const [low, high = low] = [range].flat().map((word) => facts[word] ?? word), found = facts[stage.answer];
      return low <= found && found <= high;
    });
    for (const other of button.parentNode.querySelectorAll("button")) other.disabled = true;
    button.ariaPressed = "true";
    if (asked) this.keep({marks: `${this.kept.marks}`.slice(0, asked - 1) + Number(right === choice)});
    facts.answer = this.say(`${key}.choices.${right}`);
    const lines = [right === choice ? "tour.right" : "tour.wrong", `${key}.see`, ...asked ? [] : [`${key}.why`]];
    button.parentNode.append(...lines.map((line) => this.line("p", line)), next);
    next.focus();
  }
}
