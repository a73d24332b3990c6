// The picture of a kitchen: the room, what is known on the floor, child, chair and jar. Uses data.sprites.

const UNIT = 100;  // of the pictures: the width of a tile
const TILE = {width: 96, height: 96, rx: 9};

function svg(name, attributes, parent) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent.append(element);
  return element;
}

function defineSprites(sprites, parent, name = "sprite") {  // "sprite-child-happy", "sprite-signs-0", ...
  if (typeof sprites === "string") svg("g", {id: name}, parent).innerHTML = sprites;
  else for (const [key, value] of Object.entries(sprites)) defineSprites(value, parent, `${name}-${key}`);
}

// {child, chair, standing, jar, arrangement} of a state; the chair is -1 in the child's arms.
const partsOf = ({states}, state) =>
  Object.fromEntries(Object.entries(states).map(([part, values]) => [part, values[state]]));
const rowOf = ({table, kitchen: {A}}, state) => table.subarray(state * A, (state + 1) * A);
// A number that was never moved is still the initial value.
const isKnown = ({probabilities, settings}, value) => probabilities || value !== settings.initial_value;
const css = (colour) => `rgb(${colour.join()})`;
const isBright = ([red, green, blue]) => 0.299 * red + 0.587 * green + 0.114 * blue > 122;

// The scale of all colours: 0 and the optimum are on it, and it never becomes narrower in a run.
class Scale {
  constructor(optimum) {
    [this.low, this.high] = [Math.min(0, optimum), Math.max(0, optimum)];
  }

  widen(learner) {
    for (let state = 0; state < learner.kitchen.S; state++) {
      const best = Math.max(...rowOf(learner, state));
      [this.low, this.high] = [Math.min(this.low, best), Math.max(this.high, best)];
    }
  }

  colour(value) {
    const stops = data.colours.stops, share = (value - this.low) / (this.high - this.low || 1);
    const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
    const stop = Math.min(Math.floor(place), stops.length - 2);
    return stops[stop].map((part, i) => Math.round(part + (stops[stop + 1][i] - part) * (place - stop)));
  }
}

class Floor {
  constructor(parent, kitchen, onCell) {
    const [x, y, width, height] = kitchen.crop.map((length) => length * UNIT);
    this.kitchen = kitchen;
    const box = {viewBox: `${x} ${y} ${width} ${height}`, width: 4 * width, height: 4 * height};
    const picture = svg("svg", box, parent);
    svg("g", {}, picture).innerHTML = data.rooms[kitchen.room];
    for (const name of ["ground", "back", "below", "things", "above"])
      this[name] = svg("g", {class: name}, picture);
    this.cells = kitchen.cells.map(([row, column], child) => {
      const transform = `translate(${column * UNIT} ${row * UNIT})`;
      const tile = svg("rect", {class: "tile", transform, x: 2, y: 2, ...TILE}, this.ground);
      const label = byId("label").cloneNode(true);
      label.removeAttribute("id");
      label.setAttribute("transform", transform);
      tile.onclick = () => onCell(child);
      return {tile, label};
    });
    this.jar = byId("jar").cloneNode(true);
    this.back.append(this.jar);
    this.cursor = svg("rect", {class: "cursor", x: 2, y: 2, ...TILE}, this.ground);
    for (const name of ["shadow", "chair", "child"])
      this[name] = svg("use", {href: `#sprite-${name}`}, this.things);
  }

  // Show a state, and in each cell the best number and action if the child stood there; the cursor is in the
  // cell of the state `shown`.
  draw(learner, state, shown, scale, mood) {
    const parts = partsOf(this.kitchen, state);
    if (state !== this.state) {
      this.state = state;
      this.numbers = this.cells.map((_, child) => this.kitchen.numberOf({...parts, child}));
      this.place(parts);
      this.drawJar(parts);
    }
    this.move(this.cursor, this.kitchen.states.child[shown], [0, 0]);
    this.child.setAttribute("href", `#sprite-child-${mood ?? (parts.chair < 0 ? "carrying" : "hoping")}`);
    this.cells.forEach((cell, child) => {
      const hidden = child === parts.child || child === parts.chair;
      this.drawCell(cell, learner, this.numbers[child], scale, hidden);
    });
  }

  // Draw the best number and action of a state in a cell; if something stands in it, on top of that.
  drawCell(cell, learner, state, scale, hidden) {
    const row = state < 0 ? [] : rowOf(learner, state), best = Math.max(...row), sign = row.indexOf(best);
    const known = row.some((value) => isKnown(learner, value)), tied = row.lastIndexOf(best) > sign;
    const drawn = [best, sign, known, tied, hidden, scale.low, scale.high].join();
    if (drawn === cell.drawn) return;  // in most frames, most cells are as before
    cell.drawn = drawn;
    const {tile, label} = cell, colour = scale.colour(best), size = Math.abs(best);
    for (const [name, is] of Object.entries({known, tied, beside: hidden})) label.classList.toggle(name, is);
    tile.style.fill = known && !learner.probabilities ? css(colour) : "";
    label.style.fill = learner.probabilities || isBright(colour) ? "" : "#fff";
    const words = number(best, size < 0.01 ? 1 : size < 0.1 ? 2 : 3);
    label.querySelector(".value").textContent = learner.probabilities ? percentage(100 * best) : words;
    label.firstElementChild.setAttribute("href", `#sprite-signs-${sign}`);
    (hidden ? this.above : this.below).append(label);
  }

  move(thing, cell, [x, y], turn = 0) {
    const [row, column] = this.kitchen.cells[cell];
    thing.style.transform = `translate(${(column + x) * UNIT}px, ${(row + y) * UNIT}px) rotate(${turn}deg)`;
  }

  place({child, chair, standing}) {
    const at = data.places, carried = chair === at.CARRIED, beside = chair === child && !standing;
    const high = [at.CHAIR[0], at.CHAIR[1] - at.SEAT];
    const feet = carried ? at.CARRYING : standing ? high : beside ? at.ASIDE : at.GROUND;
    this.move(this.child, child, feet);
    this.move(this.shadow, child, [feet[0], at.GROUND[1]]);
    const legs = carried ? at.CHAIR_IN_ARMS : beside ? at.CHAIR_ASIDE : at.CHAIR;
    this.move(this.chair, carried ? child : chair, legs, carried ? -at.TILT : 0);
    this.chair.classList.toggle("carried", carried);
    const rows = this.kitchen.cells, behind = !carried && rows[chair][0] > rows[child][0];
    const front = behind ? this.chair : this.child;
    if (front !== this.things.lastChild) this.things.append(front);  // appended anew, it would not glide
  }

  drawJar({jar, arrangement}) {
    const [row, column] = this.kitchen.jar, at = data.places, closed = jar === at.CLOSED;
    const uses = this.jar.children;
    this.jar.setAttribute("transform", `translate(${(column + 0.5) * UNIT} ${(row + at.WORKTOP) * UNIT})`);
    data.arrangements[arrangement].forEach((kind, place) => {
      const cookie = uses[place + 1], isThere = closed || jar >> place & 1;
      cookie.setAttribute("href", isThere ? `#sprite-cookies-${kind}` : "");
      cookie.setAttribute("x", at.COOKIE_GAP * (place - 1) * UNIT);
      cookie.setAttribute("y", at.COOKIE_MIDDLE * UNIT);
    });
    uses[5].setAttribute("href", closed ? "#sprite-jar-lid_closed" : "#sprite-jar-lid_open");
  }
}
