// The picture of a kitchen: what is known on the floor, child, chair and jar. See `_floor` of kitchens.py.

const UNIT = 100; // of the pictures: the width of a tile
const PARTS = ["cursor", "shadow", "chair", "child", "jar", "below", "things", "above"];
const MOODS = {yum: "delighted", open: "happy", yuck: "disgusted", vain: "reaching", bump: "unhappy"};

function setAttributes(element, attributes) { // only to new values, as `put`
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
  }
}

// {child, chair, standing, jar, arrangement} of a state, and where the chair is: see `poses` of sprites.py.
function partsOf({states}, state) {
  const parts = Object.fromEntries(Object.entries(states).map(([part, values]) => [part, values[state]]));
  const {child, chair, standing} = parts, here = standing ? "under" : chair === child ? "here" : "there";
  return {...parts, where: chair === data.places.CARRIED ? "arms" : here};
}

const rowOf = ({table, kitchen: {A}}, state) => table.subarray(state * A, (state + 1) * A);
// A number that was never moved is still the initial value.
const isKnown = ({probabilities, settings}, value) => probabilities || value !== settings.initial_value;
const css = colour => `rgb(${colour.join()})`;
const isBright = ([red, green, blue]) => 0.299 * red + 0.587 * green + 0.114 * blue > 122;

// Widen the scale of all colours to the numbers of a learner: it never becomes narrower in a run.
function widen(scale, learner) {
  for (let state = 0; state < learner.kitchen.S; state++) {
    const best = Math.max(...rowOf(learner, state));
    Object.assign(scale, {low: Math.min(scale.low, best), high: Math.max(scale.high, best)});
  }
}

function colourOf(value, {low, high}) {
  const share = (value - low) / (high - low || 1), last = data.colours.length - 1;
  return data.colours[Math.round(Math.min(1, Math.max(0, share)) * last)];
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
    this.chair.classList.toggle("carried", isCarried);
    setAttributes(this.child, {href: `#sprite-child-${MOODS[data.events[event]] ?? mood}`});
    setAttributes(this.jar, {href: `#jar-${parts.arrangement}-${parts.jar}`});
    const front = !isCarried && cells[chair][0] > cells[child][0] ? this.chair : this.child;
    if (front !== this.things.lastChild) this.things.append(front); // appended anew, it would not glide
    this.labels.forEach((label, i) => {
      const isBeside = i === child || i === chair, cell = kitchen.numberOf({...parts, child: i});
      this.drawCell(this.tiles[i], label, learner, cell, scale, isBeside);
    });
  }

  // Draw the best number and action of a state in a cell; if something stands in it, on top of that.
  drawCell(tile, label, learner, state, scale, beside) {
    const row = state < 0 ? [] : rowOf(learner, state), best = Math.max(...row), sign = row.indexOf(best);
    const known = row.some(value => isKnown(learner, value)), tied = row.lastIndexOf(best) > sign;
    const drawn = [best, sign, known, tied, beside, scale.low, scale.high].join();
    if (drawn === label.drawn) return; // in most frames, most cells are as before
    label.drawn = drawn;
    const colour = colourOf(best, scale), size = Math.abs(best), layer = this[beside ? "above" : "below"];
    const words = number(best, size < 0.01 ? 1 : size < 0.1 ? 2 : 3), {probabilities} = learner;
    for (const [name, is] of Object.entries({known, tied, beside})) label.classList.toggle(name, Boolean(is));
    tile.style.fill = known && !probabilities ? css(colour) : "";
    label.style.fill = probabilities || isBright(colour) ? "" : "#fff";
    put(label.querySelector(".value"), {textContent: probabilities ? percentage(100 * best) : words});
    setAttributes(label.firstElementChild, {href: `#sprite-signs-${sign}`});
    if (label.parentNode !== layer) layer.append(label);
  }

  move(thing, cell, [x, y], turn = 0) {
    const [row, column] = this.kitchen.cells[cell];
    thing.style.transform = `translate(${(column + x) * UNIT}px, ${(row + y) * UNIT}px) rotate(${turn}deg)`;
  }
}
