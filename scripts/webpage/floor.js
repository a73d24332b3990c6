// The picture of a kitchen: what is known on the floor, child, chair and jar. See `_floor` of kitchens.py.

const UNIT = 100; // of the pictures: the width of a tile
const PARTS = ["cursor", "shadow", "chair", "child", "jar", "below", "things", "above"];
const MOODS = {yum: "delighted", open: "happy", yuck: "disgusted", vain: "reaching", bump: "unhappy"};

// {child, chair, standing, jar, arrangement} of a state, and where the chair is: see `poses` of sprites.py.
function partsOf({states}, state) {
  const parts = Object.fromEntries(Object.entries(states).map(([part, values]) => [part, values[state]]));
  const {child, chair, standing} = parts, here = standing ? "under" : chair === child ? "here" : "there";
  return {...parts, where: chair === data.places.CARRIED ? "arms" : here};
}

const rowOf = ({table, kitchen: {A}}, state) => table.subarray(state * A, (state + 1) * A);
// A number that was never moved is still the initial value.
const isKnown = ({probabilities, settings}, value) => probabilities || value !== settings.initial_value;

// Widen the scale of all colours to the numbers of a learner: it never becomes narrower in a run.
function widen(scale, learner) {
  for (let state = 0; state < learner.kitchen.S; state++) {
    const best = Math.max(...rowOf(learner, state));
    Object.assign(scale, {low: Math.min(scale.low, best), high: Math.max(scale.high, best)});
  }
}

// The colour of a number on a scale, and the colour to write on that.
function coloursOf(value, {low, high}) {
  const share = (value - low) / (high - low || 1), last = data.colours.length - 1;
  return data.colours[Math.round(Math.min(1, Math.max(0, share)) * last)];
}

function showPicture(use, id) { // only a new one, as `put`
  if (use.getAttribute("href") !== `#${id}`) use.setAttribute("href", `#${id}`);
}

class Floor {
  constructor(parent, kitchen, choose) {
    parent.innerHTML = data.rooms[kitchen.room];
    const [tiles, labels] = [".tile", ".label"].map(name => Array.from(parent.querySelectorAll(name)));
    for (const part of PARTS) this[part] = parent.querySelector(`.${part}`);
    Object.assign(this, {kitchen, tiles, labels});
    parent.onclick = ({target}) => target.matches(".tile") && choose(tiles.indexOf(target));
  }

  // Show a state, and in each cell the best number and action if the child stood there; the cursor is in the
  // cell of the state that the last step began in.
  draw(learner, {state, shown, event}, scale) {
    const {kitchen, kitchen: {cells, states}} = this, parts = partsOf(kitchen, state);
    const {child, chair, where} = parts, [feet, legs, turn, mood] = data.poses[where];
    const isCarried = where === "arms";
    this.move(this.cursor, states.child[shown], [0, 0]);
    this.move(this.child, child, feet);
    this.move(this.shadow, child, [feet[0], data.poses.there[0][1]]);
    this.move(this.chair, isCarried ? child : chair, legs, turn);
    mark(this.chair, {carried: isCarried});
    showPicture(this.child, `sprite-child-${MOODS[data.events[event]] ?? mood}`);
    showPicture(this.jar, `jar-${parts.arrangement}-${parts.jar}`);
    const front = !isCarried && cells[chair][0] > cells[child][0] ? this.chair : this.child;
    if (front !== this.things.lastChild) this.things.append(front); // appended anew, it would not glide
    for (const i of cells.keys()) {
      const number = kitchen.numberOf({...parts, child: i}), row = number < 0 ? [] : rowOf(learner, number);
      this.drawCell(i, learner, row, scale, i === child || i === chair);
    }
  }

  // Draw the best number and action of a state in a cell; if something stands in it, on top of that.
  drawCell(i, learner, row, scale, beside) {
    const label = this.labels[i], layer = this[beside ? "above" : "below"], {probabilities} = learner;
    const best = Math.max(...row), sign = row.indexOf(best), [colour, ink] = coloursOf(best, scale);
    const known = row.some(value => isKnown(learner, value)), tied = row.lastIndexOf(best) > sign;
    const size = Math.abs(best), words = number(best, size < 0.01 ? 1 : size < 0.1 ? 2 : 3);
    mark(label, {known, tied, beside});
    this.tiles[i].style.fill = known && !probabilities ? colour : "";
    label.style.fill = probabilities ? "" : ink;
    put(label.querySelector(".value"), probabilities ? percentage(100 * best) : words);
    showPicture(label.firstElementChild, `sprite-signs-${sign}`);
    if (label.parentNode !== layer) layer.append(label);
  }

  move(thing, cell, [x, y], turn = 0) {
    const [row, column] = this.kitchen.cells[cell];
    thing.style.transform = `translate(${(column + x) * UNIT}px, ${(row + y) * UNIT}px) rotate(${turn}deg)`;
  }
}
