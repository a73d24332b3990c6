// Cookies as pictures: softmax regression learns the kinds of cookies by gradient descent on the loss.
// Uses text(), byId(), inflate() and random.js; the elements are in page.html.

// Unpack the pictures, see cookies.py: kinds [n], pictures [set][n], first those to learn from. Their numbers
// lie from -range / 2 to range / 2, but for the last one, which is always 1: its weight is the bias.
async function showCookies(section, packed) {
  const {palette, range, numbers, cloth_unit} = packed, n = 2 * packed.count, pixels = numbers / 3;
  const buffer = await inflate(packed.pictures), kinds = new Uint8Array(buffer, 0, n);
  const colours = new Uint8Array(buffer, n), cloth = new Uint8Array(buffer, n + n * pixels);
  const changes = new Int8Array(buffer, n + 2 * n * pixels), shade = new Uint8ClampedArray(1);
  const numberOf = (set, i, j) => { // of a picture
    const pixel = i * pixels + Math.floor(j / 3), change = changes[3 * (set * n + i) + j % 3];
    shade[0] = palette[colours[pixel]][j % 3] + cloth[pixel] * change * cloth_unit;
    return shade[0] * range / 255 - range / 2;
  };
  const pictures = [0, 1, 2].map(set => Array.from(kinds, (_, i) =>
    Float64Array.from({length: numbers + 1}, (_, j) => j < numbers ? numberOf(set, i, j) : 1)));
  window.page.cookies = new Cookies(section, {...packed, kinds, pictures});
  section.hidden = false;
}

// Paint pictures side by side; numbers from -full to full become colours from 0 to 255.
function paint(canvas, size, pictures, full) {
  Object.assign(canvas, {width: size * pictures.length, height: size});
  pictures.forEach((x, place) => {
    const image = new ImageData(size, size), colour = p => 127.5 + 127.5 * x[3 * (p >> 2) + p % 4] / full;
    image.data.forEach((_, p) => image.data[p] = p % 4 === 3 ? 255 : colour(p));
    canvas.getContext("2d").putImageData(image, size * place, 0);
  });
}

class Cookies {
  constructor(section, unpacked) {
    Object.assign(this, unpacked, {revealed: 0, all: name => section.querySelectorAll(`[data-${name}]`)});
    this.start(0);
  }

  start(set = this.set) {
    this.templates = [0, 1, 2].map(() => new Float64Array(this.numbers + 1)); // the weights
    Object.assign(this, {set, steps: 0, random: seededRandom(0)}).findWrong(-1);
  }

  // Probabilities p, the loss -log p(right kind), and its gradient by the logits: p - y, with y = 1 if right.
  look(i, set = this.set) {
    const x = this.pictures[set][i], kind = this.kinds[i], logits = [0, 0, 0];
    this.templates.forEach((template, k) => {
      for (let j = 0; j < x.length; j++) logits[k] += template[j] * x[j];
    });
    const powers = logits.map(logit => Math.exp(logit - Math.max(...logits)));
    const p = powers.map(power => power / powers.reduce((sum, other) => sum + other));
    const errors = p.map((share, k) => share - (k === kind)), said = p.indexOf(Math.max(...p));
    return {x, kind, p, errors, said, right: said === kind, loss: -Math.log(p[kind] || Number.MIN_VALUE)};
  }

  // Go downhill on the mean loss of a batch, or of a part of it: the gradient by the weights is (p - y) x.
  descend(chosen) {
    const rate = Number(byId("cookies-rate").value) / this.batch;
    for (const {x, errors} of chosen.map(i => this.look(i))) this.templates.forEach((template, k) => {
      for (let j = 0; j < x.length; j++) template[j] -= rate * errors[k] * x[j];
    });
  }

  learn(steps) {
    for (const random = new Float64Array(this.batch); steps > 0; steps--, this.steps++) {
      fillRandom(this.random, random);
      this.descend(Array.from(random, share => Math.floor(share * this.count)));
    }
    this.findWrong(this.wrong - 1);
  }

  play() {
    this.timer = this.timer ? clearInterval(this.timer) : setInterval(() => this.learn(1), 16);
    byId("cookies-play").ariaPressed = Boolean(this.timer);
  }

  // Show the next training picture that gets a wrong answer.
  findWrong(after = this.wrong) {
    const found = this.kinds.findIndex((_, i) => i > after && i < this.count && !this.look(i).right);
    Object.assign(this, {wrong: Math.max(0, found)}).draw();
  }

  learnFromWrong() {
    const before = this.look(this.wrong);
    this.descend([this.wrong]);
    this.draw([before, this.look(this.wrong)]);
  }

  // Reveal what templates learned from set B do with test pictures: of set B, and then (2) of all sets.
  reveal(answer) {
    if (this.set !== 1) byId("cookies-set-1").click();
    this.revealed = Math.max(this.revealed, answer);
    this.learn(this.steps ? 0 : 300);
  }

  draw(looks = [this.look(this.wrong)]) {
    const [{x, kind, said, p, errors}] = looks, {size, range, set, count, revealed, templates} = this;
    const change = value => looks.map(look => value(look).toFixed(3)).join(" → ");
    const values = {...this, number: this.wrong + 1, loss: change(({loss}) => loss)};
    [values.kind, values.said] = [kind, said].map(k => text(`cookies.kinds.${k}`));
    for (const row of this.all("score")) { // of training or test pictures of a set
      const [of, test] = row.dataset.score.split(" ").map(Number);
      const tried = Array.from({length: count}, (_, i) => this.look(i + test * count, of));
      const share = tried.filter(({right}) => right).length / count;
      const error = test ? ` ± ${(100 * Math.sqrt(share * (1 - share) / count)).toFixed(1)}` : "";
      values[`loss_${test}_${of}`] = (tried.reduce((sum, {loss}) => sum + loss, 0) / count).toFixed(2);
      values[`right_${test}_${of}`] = values[`test_${of}`] = `${(100 * share).toFixed(1)}${error} %`;
      row.hidden = of !== set && !(test && revealed === 2) || of * test > revealed;
    }
    p.forEach((share, k) => {
      const error = errors[k].toFixed(3).replace("-", "−");
      values[`p_${k}`] = change(look => look.p[k]);
      values[`gradient_${k}`] = `${share.toFixed(3)} − ${Number(k === kind)} = ${error}`;
    });
    const full = Math.max(0.02, ...templates.flatMap(template => Array.from(template, Math.abs)));
    const samples = k => this.pictures[set].filter((_, i) => i < count && this.kinds[i] === k).slice(0, 6);
    const paints = {
      samples: k => [samples(k), range / 2], template: k => [[templates[k]], full],
      wrong: () => [[x], range / 2], move: k => [[x], -range / 2 / errors[k]],
    };
    for (const canvas of this.all("paint")) {
      const [what, k] = canvas.dataset.paint.split(" ");
      paint(canvas, size, ...paints[what](Number(k)));
    }
    for (const block of this.all("from")) block.hidden = block.dataset.from > revealed;
    for (const words of this.all("text")) words.textContent = text(words.dataset.text, values);
  }
}
