// The tour: stations to predict, look and explain, then the quiz. It drives the page by the operations and measures
// of teaching/stations.py. Uses texts.js, random.js, exact.js, memory.js, floor.js and panel.js.

const KEPT = "cookie-jar-tour";  // the name of the progress in the browser's storage
const hundredths = (value) => Math.round(100 * value) / 100 + 0;
const count = (table, test) => table.filter(test).length;

const MEASURES = {  // of a learner
  numbers: ({table}) => table.length,
  states: ({kitchen}) => kitchen.S,
  steps: ({num_timesteps}) => num_timesteps,
  changed: ({table, settings}) => count(table, (value) => value !== settings.initial_value),
  positive: ({table}) => count(table, (value) => value > 0),
  "best at the start": (learner) => Math.max(...rowOf(learner, 0)),
  row: (learner) => Array.from(rowOf(learner, 0), hundredths),
  percent: (learner) => Math.round(score(learner).percent) + 0,
  happiness: (learner) => hundredths(score(learner).mean_return),
  random: ({kitchen}) => hundredths(kitchen.random),
  optimum: ({kitchen}) => hundredths(kitchen.optimum),
  way: (learner) => greedyWay(learner).length,
  "different actions": (learner) => new Set(greedyWay(learner).map(([, action]) => action)).size,
  "first action": (learner) => data.actions[greedyWay(learner)[0][1]],
  phases: () => data.stations.flatMap(({phase}) => phase ?? []).join(", "),
};

const OPERATIONS = {  // on a tour: {page, learner, facts, random}
  start: ({page}, kitchen, settings) => page.start(kitchen, settings),
  learn: ({page}, steps) => page.learn(steps),
  set: ({page}, setting, value) => page.set(setting, value),
  forget: ({page}, which) => page.forget(which),
  draw: ({facts, random}, name, values) => { facts[name] = values[Math.floor(random() * values.length)]; },
  largest: ({facts}, name, names) => { facts[name] = Math.max(...names.map((other) => facts[other])); },
  note: ({facts, learner}, name, measure) => { facts[name] = MEASURES[measure](learner); },
  step({page, facts}) {
    const step = page.step(), error = step.target - step.before, change = step.learning_rate * error;
    Object.assign(facts, step, {action: data.actions[step.action], error, change});
  },
  "learn until"({page, learner, facts}, name, measure, value) {
    while (MEASURES[measure](learner) < value) facts[name] = data.actions[page.histories[0].step().action];
    page.learn(0);
  },
  edit({page, learner}, state, action, value) {
    page.edit(state, action === "best" ? learner.greedy()[state] : data.actions.indexOf(action), value);
  },
  "save and open"({page, learner, facts}, further) {
    const bytes = saveMemory(learner), copy = openMemory(bytes, page.kitchens);
    page.learn(further);
    copy.learn(further);
    const same = count(learner.table, (value, i) => value === copy.table[i]);
    Object.assign(facts, {bytes: bytes.length, stored: copy.table.length, further, same});
  },
};

class Tour {
  constructor(page) {
    const parts = this.parts = {}, store = (event) => this.keep({[this.kept.stage ? "after" : "before"]: event.target.value});
    for (const part of byId("tour").querySelectorAll("[data-part]")) parts[part.dataset.part] = part;
    Object.assign(this, {page, stages: [null, ...data.stations, ...data.quiz, null]});
    parts.close.onclick = () => { byId("tour").hidden = true; };
    parts.back.onclick = () => this.show(this.kept.stage - 1);
    parts.next.onclick = () => this.show(this.kept.stage + 1);
    parts.words.oninput = store;
  }
}
