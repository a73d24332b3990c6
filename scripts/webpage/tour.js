// The tour: stations to predict, look and explain, then the quiz. Drives the page by the operations and measures
// of teaching/stations.py. Uses texts.js, exact.js, memory.js, floor.js and panel.js.

const partOfTour = (name) => byId(`tour-${name}`);
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
    page.learn(further);
    copy.learn(further);
    const same = table.filter((value, i) => value === learner.table[i]).length;
    Object.assign(facts, {bytes: bytes.length, stored: table.length, further, same});
  },
};

class Tour {
  constructor(page) {
    const kept = {number: 0, attempt: 0, marks: "", before: "", after: ""};
    try { Object.assign(kept, JSON.parse(localStorage.tour)); } catch { /* nothing kept, or no storage */ }
    Object.assign(this, {page, kept});
    partOfTour("next").onclick = () => this.show(kept.number + 1);
    partOfTour("words").oninput = ({target}) => this.keep({[this.stage.words]: target.value});
  }

  keep(changes) {
    Object.assign(this.kept, changes);
    try { localStorage.tour = JSON.stringify(this.kept); } catch { /* the progress ends with the page */ }
  }

  do(operations = []) {
    for (const [name, ...values] of operations) OPERATIONS[name](this, this.page.learners[0], ...values);
  }

  write(texts) {  // in parts of the box, given by their keys; without a text, a part is hidden
    for (const [part, key] of Object.entries(texts))
      Object.assign(partOfTour(part), {textContent: key && this.say(key), hidden: !key});
  }

  say(key) {
    const words = (fact) => fact?.toLocaleString("en", {maximumFractionDigits: 4, signDisplay: "negative"});
    return text(key, Object.fromEntries(Object.entries(this.facts).map(([name, fact]) => [name, words(fact)])));
  }

  show(number = this.kept.number) {  // a station or, in the quiz, a question that is asked
    const {page, kept} = this, {stations, quiz} = data, asked = Math.max(0, number - stations.length + 1);
    const points = `${kept.marks}`.split("1").length - 1, failed = asked === quiz.length && points < asked - 2;
    const stage = failed ? {id: "again"} : [...stations, ...quiz][number] ?? stations[0], {choices = []} = stage;
    const key = `${asked ? "quiz" : "tour"}.${stage.id}`, seed = asked && kept.attempt;
    Object.assign(this, {stage, asked, key, facts: {number: asked || number, points, ...kept}});
    this.keep(failed ? {number: stations.length - 1, attempt: seed + 1} : {number});
    page.start(stage.kitchen ?? "corner", {seed});
    this.do(stage.before);
    if (asked) page.start("corner");  // the panel would give the answer away
    this.write({place: choices.length ? `${key.slice(0, 4)}.place` : "", title: `${key}.title`});
    this.write({question: `${key}.question`, verdict: "", see: "", why: ""});
    partOfTour("own").hidden = !stage.words;
    partOfTour("words").value = kept[stage.words] ?? "";
    partOfTour("next").hidden = choices.length > 0 || stage.words === "after";
    partOfTour("choices").replaceChildren(...choices.map((_, i) => {
      const choice = (i + asked * (seed + 1)) % choices.length, button = document.createElement("button");
      const onclick = () => this.choose(choice, button);
      return Object.assign(button, {type: "button", textContent: this.say(`${key}.choices.${choice}`), onclick});
    }));
    partOfTour("title").focus();
  }

  choose(choice, button) {
    const {stage, asked, key, facts, kept} = this, next = partOfTour("next");
    this.do(stage.operations);
    const right = stage.choices.findIndex((range) => {
      const [low, high = low] = [range].flat().map((word) => facts[word] ?? word), found = facts[stage.answer];
      return low <= found && found <= high;
    });
    for (const other of button.parentNode.children) other.disabled = true;
    button.ariaPressed = "true";
    facts.answer = this.say(`${key}.choices.${right}`);
    this.write({verdict: `tour.${right === choice ? "right" : "wrong"}`, see: `${key}.see`});
    this.write(asked ? {} : {why: `${key}.why`});
    if (asked) this.keep({marks: `${kept.marks}`.slice(0, asked - 1) + Number(right === choice)});
    next.hidden = false;
    next.focus();
  }
}
