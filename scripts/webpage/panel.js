// The ten numbers of the shown state, each with a bar and a field, and the arithmetic of the last step.

const LIMIT = 1000;  // of a number that is typed in: sums stay finite, and the colours readable
const actionWords = (action) => text(`page.actions.${data.actions[action]}`);
const eventWords = (event) => text(`page.events.${data.events[event]}`);

function say(words) {
  write("status", words);
  clearTimeout(say.timer);
  say.timer = setTimeout(() => write("status", ""), 8000);
}

// Read a number from a field; return null, and say why, if there is none between low and high.
function readNumber(field, low, high) {
  const words = field.value.trim().replace("−", "-"), value = words === "" ? NaN : Number(words);
  if (value >= low && value <= high) return value;
  say(text("page.expected_number", {low: number(low), high: number(high), found: field.value}));
  return null;
}

const cloned = (template) => byId(template).content.firstElementChild.cloneNode(true);

class Panel {
  constructor(page) {
    this.page = page;
    this.rows = data.actions.map((_, action) => {
      const row = cloned("row"), words = actionWords(action), field = row.querySelector("input");
      const [act, wipe] = row.querySelectorAll("button");
      row.querySelector("use").setAttribute("href", `#sprite-signs-${action}`);
      row.querySelector("span").textContent = words;
      act.title = text("page.do", {words});
      field.ariaLabel = text("page.number_of", {words});
      wipe.title = wipe.ariaLabel = text("page.forget_one", {words});
      act.onclick = () => page.act(action);
      wipe.onclick = () => page.forget([[page.shown, action]]);
      field.onfocus = () => {
        page.pause();  // so that it is the number of this state which changes
        field.value = this.values[action];
        field.select();
      };
      field.onblur = () => page.redraw();
      field.onchange = () => {
        const value = readNumber(field, -LIMIT, LIMIT);
        field.blur();
        if (value !== null) page.edit(page.shown, action, value);
      };
      return {row, field, wipe, bar: row.querySelector("i")};
    });
    byId("numbers").replaceChildren(...this.rows.map(({row}) => row));
  }

  // Show the numbers of a state; `moved` is the action whose number has just changed.
  draw(learner, state, scale, moved) {
    const values = this.values = rowOf(learner, state), best = Math.max(...values);
    const low = Math.min(0, ...values), high = Math.max(0, ...values);
    const place = (value) => 100 * (value - low) / (high - low || 1);
    this.rows.forEach(({row, bar, field, wipe}, action) => {
      const value = values[action], known = isKnown(learner, value);
      const marks = {best: value === best && known, moved: action === moved, unknown: !known};
      for (const [mark, is] of Object.entries(marks)) row.classList.toggle(mark, is);
      bar.style.left = `${place(Math.min(0, value))}%`;
      bar.style.width = `${Math.abs(place(value) - place(0))}%`;
      bar.style.background = css(scale.colour(value));
      field.readOnly = wipe.hidden = learner.recorded !== undefined;
      if (document.activeElement === field) return;
      field.value = learner.probabilities ? percentage(100 * value) : number(value, 4);
    });
    const kind = learner.probabilities ? "probabilities" : "values";
    const {learners, active} = this.page, title = text("page.learner", {name: "AB"[active]});
    write("panel-title", text(`page.panel.${kind}`) + (learners.length > 1 ? `: ${title}` : ""));
    write("state", stateWords(learner.kitchen, state));
  }
}

function stateWords(kitchen, state) {
  const {child, chair, standing, jar} = partsOf(kitchen, state), {CARRIED, CLOSED} = data.places;
  const cell = (number) => ({row: kitchen.cells[number]?.[0], column: kitchen.cells[number]?.[1]});
  const where = chair === CARRIED ? "arms" : standing ? "under" : chair === child ? "here" : "there";
  const left = [0, 1, 2].filter((place) => jar >> place & 1).length;
  return text("page.state", {
    number: number(state), count: number(kitchen.S), ...cell(child),
    chair: text(`page.chairs.${where}`, cell(chair)),
    jar: text(`page.jars.${jar === CLOSED ? "closed" : "open"}`, {left}),
  });
}

// Write the formula of a step in words and with its numbers: which number moved, from what to what, and why.
function writeArithmetic(step, algorithm) {
  byId("arithmetic").hidden = !step;
  byId("no-step").hidden = Boolean(step);
  if (!step) return;
  const values = {action: actionWords(step.action), event: eventWords(step.event)};
  for (const key of ["reward", "gamma", "best_next", "target", "before", "learning_rate", "after"])
    values[key] = number(step[key], 4);
  values.minus = step.before < 0 ? `(${values.before})` : values.before;
  const how = {null: "chosen", true: "explored", false: "greedy"}[step.explored];
  const target = step.terminated ? ["target_end", "numbers_end"] : [`target_${algorithm}`, "numbers"];
  [how, ...target, "after", "moved"].forEach((line, i) => {
    byId("arithmetic").children[i].textContent = text(`page.sum.${line}`, values);
  });
}
