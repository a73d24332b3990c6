// The picture of a kitchen: the room, what is known on the floor, child, chair and jar. Uses data.sprites.

const UNIT = 100; // of the pictures: the width of a tile
const TILE = {x: 2, y: 2, width: 96, height: 96, rx: 9};
const MOODS = {yum: "delighted", open: "happy", yuck: "disgusted", vain: "reaching", bump: "unhappy"};

function svg(name, attributes, parent) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  setAttributes(element, attributes);
  parent.append(element);
  return element;
}

function setAttributes(element, attributes) { // only to new values, as `put`
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
  }
}

// {child, chair, standing, jar, arrangement} of a state, and whether the chair is in the arms, under, here or there.
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

// The scale of all colours: 0 and the optimum are on it, and it never becomes narrower in a run.
class Scale {
  constructor(optimum) { Object.assign(this, {low: Math.min(0, optimum), high: Math.max(0, optimum)}); }

  widen(learner) {
    for (let state = 0; state < learner.kitchen.S; state++) {
      const best = Math.max(...rowOf(learner, state));
      Object.assign(this, {low: Math.min(this.low, best), high: Math.max(this.high, best)});
    }
  }

  colour(value) {
    const share = (value - this.low) / (this.high - this.low || 1), last = data.colours.length - 1;
    return data.colours[Math.round(Math.min(1, Math.max(0, share)) * last)];
  }
}

class Floor {
  constructor(parent, kitchen, choose) {
    const {crop, jar: [jarRow, jarColumn]} = kitchen, [x, y, width, height] = crop.map(length => length * UNIT);
    const box = {viewBox: `${x} ${y} ${width} ${height}`, width: 4 * width, height: 4 * height};
    const picture = svg("svg", box, parent), layers = ["ground", "back", "below", "things", "above"];
    svg("g", {}, picture).innerHTML = data.rooms[kitchen.room];
    for (const name of layers) this[name] = svg("g", {class: name}, picture);
    this.cells = kitchen.cells.map(([row, column], child) => {
      const label = byId("label").cloneNode(true), transform = `translate(${column * UNIT} ${row * UNIT})`;
      label.removeAttribute("id");
      setAttributes(label, {transform});
      const tile = svg("rect", {class: "tile", transform, ...TILE}, this.ground);
      tile.onclick = () => choose(child);
      return {tile, label};
    });
    this.kitchen = kitchen;
    this.jar = svg("use", {x: (jarColumn + 0.5) * UNIT, y: (jarRow + data.places.WORKTOP) * UNIT}, this.back);
    this.cursor = svg("rect", {class: "cursor", ...TILE}, this.ground);
    this.shadow = svg("use", {href: "#sprite-shadow"}, this.things);
    this.chair = svg("use", {href: "#sprite-chair"}, this.things);
    this.child = svg("use", {}, this.things);
  }

  // Show a state, and in each cell the best number and action if the child stood there; the cursor is in the
  // cell of the state that the last step began in.
  draw(learner, {state, event, step}, scale) {
    const {kitchen, kitchen: {cells, states}} = this, parts = partsOf(kitchen, state), {child, chair, where} = parts;
    const [feet, legs, turn, mood] = data.poses[where], isCarried = where === "arms";
    this.move(this.cursor, states.child[step?.obs ?? state], [0, 0]);
    this.move(this.child, child, feet);
    this.move(this.shadow, child, [feet[0], data.poses.there[0][1]]);
    this.move(this.chair, isCarried ? child : chair, legs, turn);
    this.chair.classList.toggle("carried", isCarried);
    setAttributes(this.child, {href: `#sprite-child-${MOODS[data.events[event]] ?? mood}`});
    setAttributes(this.jar, {href: `#jar-${parts.arrangement}-${parts.jar}`});
    const front = !isCarried && cells[chair][0] > cells[child][0] ? this.chair : this.child;
    if (front !== this.things.lastChild) this.things.append(front); // appended anew, it would not glide
    this.cells.forEach((cell, i) => {
      this.drawCell(cell, learner, kitchen.numberOf({...parts, child: i}), scale, i === child || i === chair);
    });
  }

  // Draw the best number and action of a state in a cell; if something stands in it, on top of that.
  drawCell({tile, label}, learner, state, scale, beside) {
    const row = state < 0 ? [] : rowOf(learner, state), best = Math.max(...row), sign = row.indexOf(best);
    const known = row.some(value => isKnown(learner, value)), tied = row.lastIndexOf(best) > sign;
    const colour = scale.colour(best), size = Math.abs(best), layer = beside ? this.above : this.below;
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
