// The ten numbers of the shown state, each with a bar and a field, and the arithmetic of the last step.

const actionWords = action => text(`page.actions.${data.actions[action]}`);
const eventWords = event => text(`page.events.${data.events[event]}`);

// The number in a field, or other text, which is then refused.
function readNumber(field) {
  const words = field.value.trim(), value = Number(words.replace("−", "-"));
  return words === "" || Number.isNaN(value) ? words : value;
}

// Draw the rows of a state's numbers; that of the action of a step, if there was one, is marked.
function drawNumbers({learner, scale}, {shown, step}) {
  const values = rowOf(learner, shown), best = Math.max(...values), {probabilities, recorded} = learner;
  const low = Math.min(0, ...values), high = Math.max(0, ...values);
  const place = value => 100 * (value - low) / (high - low || 1);
  values.forEach((value, action) => {
    const row = byId("numbers").rows[action], known = isKnown(learner, value);
    const [field, wipe, bar] = ["input", ".wipe", "i"].map(part => row.querySelector(part));
    mark(row, {best: value === best && known, moved: action === step?.action, unknown: !known});
    bar.style.left = `${place(Math.min(0, value))}%`;
    bar.style.width = `${Math.abs(place(value) - place(0))}%`;
    bar.style.background = coloursOf(value, scale)[0];
    field.readOnly = wipe.hidden = recorded !== undefined;
    if (document.activeElement === field) return;
    put(field, {value: probabilities ? percentage(100 * value) : number(value, 4)});
  });
  if (step) writeArithmetic(step, learner.settings.algorithm);
}

function stateWords({cells, ...kitchen}, state) {
  const {child, chair, jar, where} = partsOf(kitchen, state), {CLOSED} = data.places;
  const cell = number => ({row: cells[number]?.[0], column: cells[number]?.[1]});
  const left = [0, 1, 2].filter(place => jar >> place & 1).length;
  return text("page.state", {
    number: state, count: kitchen.S, ...cell(child), chair: text(`page.chairs.${where}`, cell(chair)),
    jar: text(`page.jars.${jar === CLOSED ? "closed" : "open"}`, {left}),
  });
}

// Write the formula of a step in words and with its numbers: which number moved, from what to what, and why.
function writeArithmetic(step, algorithm) {
  const words = value => number(value, 4), inBrackets = value => value < 0 ? `(${words(value)})` : value;
  const [action, event] = [actionWords(step.action), eventWords(step.event)];
  const values = {...step, action, event, minus: inBrackets(step.before), next: inBrackets(step.best_next)};
  const how = {null: "chosen", true: "explored", false: "greedy"}[step.explored];
  const target = step.terminated ? ["target_end", "numbers_end"] : [`target_${algorithm}`, "numbers"];
  [how, ...target, "after", "moved"].forEach((line, i) =>
    put(byId("arithmetic").children[i], text(`page.sum.${line}`, values, words)));
}
