// Cookies as pictures: softmax regression learns the kinds of cookies by gradient descent on the loss.
// Uses text(), number(), byId(), inflate() and Pcg64; the elements are in page.html.

const FRAME = 16;  // ms between two steps
const STEPS_TO_REVEAL = 300;
const PALE = 0.01;  // templates whose weights are all smaller are drawn pale

// Unpack the pictures, see cookies.py: kinds [n], and inputs [set][n], first of the training pictures. The
// inputs of a picture lie from -range / 2 to range / 2; the last one is always 1, and its weight is the bias.
async function loadCookies(packed) {
  const {palette, range, cloth_unit} = packed, n = 2 * packed.count, pixels = packed.size ** 2;
  const buffer = await inflate(packed.pictures), kinds = new Uint8Array(buffer, 0, n);
  const colours = new Uint8Array(buffer, n), cloth = new Uint8Array(buffer, n + n * pixels);
  const changes = new Int8Array(buffer, n + 2 * n * pixels), shade = new Uint8ClampedArray(1);
  const inputs = [0, 1, 2].map((set) => Array.from(kinds, (_, i) => {
    const x = new Float64Array(3 * pixels + 1).fill(1);
    for (let j = 0; j < 3 * pixels; j++) {
      const pixel = i * pixels + Math.floor(j / 3), change = set && changes[3 * ((set - 1) * n + i) + j % 3];
      shade[0] = palette[colours[pixel]][j % 3] + cloth[pixel] * change * cloth_unit;
      x[j] = shade[0] * range / 255 - range / 2;
    }
    return x;
  }));
  return {...packed, kinds, inputs};
}

class SoftmaxRegression {
  constructor(cookies, set, learning_rate = 0.003, seed = 0) {
    Object.assign(this, {cookies, set, learning_rate, num_steps: 0, random: new Pcg64(seed)});
    this.templates = [0, 1, 2].map(() => new Float64Array(cookies.inputs[0][0].length));  // the weights
  }

  // The probabilities p of a picture's kinds, its loss -log p(right kind), and the gradient p - y of the loss
  // by the logits, where y is 1 for the right kind and 0 for the others.
  look(i, set = this.set) {
    const x = this.cookies.inputs[set][i], kind = this.cookies.kinds[i], logits = [0, 0, 0];
    this.templates.forEach((template, k) => {
      for (let j = 0; j < x.length; j++) logits[k] += template[j] * x[j];
    });
    const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
    const p = powers.map((power) => power / powers.reduce((sum, other) => sum + other));
    const errors = p.map((share, k) => share - (k === kind)), said = p.indexOf(Math.max(...p));
    return {x, kind, p, errors, said, loss: -Math.log(p[kind] || Number.MIN_VALUE)};
  }

  // Go downhill on the mean loss of a batch, or of a part of it: the gradient by the weights is (p - y) x.
  descend(chosen) {
    const rate = this.learning_rate / this.cookies.batch;
    for (const {x, errors} of chosen.map((i) => this.look(i))) this.templates.forEach((template, k) => {
      for (let j = 0; j < x.length; j++) template[j] -= rate * errors[k] * x[j];
    });
  }

  learn(steps) {
    const {batch, count} = this.cookies, random = new Float64Array(batch);
    for (; steps > 0; steps--, this.num_steps++) {
      this.random.fill(random);
      this.descend(Array.from(random, (share) => Math.floor(share * count)));
    }
  }

  // Of the training pictures or (test = 1) the test pictures: per cent right, standard error, and mean loss.
  score(set, test) {
    const {count} = this.cookies, numbers = Array.from({length: count}, (_, i) => i + test * count);
    const looks = numbers.map((i) => this.look(i, set));
    const mean = (values) => values.reduce((sum, value) => sum + value) / count;
    const share = mean(looks.map(({said, kind}) => Number(said === kind)));
    const error = 100 * Math.sqrt(share * (1 - share) / count);
    return {percent: 100 * share, error, loss: mean(looks.map(({loss}) => loss))};
  }
}

// Paint pictures side by side; numbers from -full to full become colours from 0 to 255.
function paint(canvas, size, pictures, full) {
  Object.assign(canvas, {width: size * pictures.length, height: size});
  pictures.forEach((x, place) => {
    const image = new ImageData(size, size), colour = (p) => 127.5 * (1 + x[3 * (p >> 2) + p % 4] / full);
    for (let p = 0; p < image.data.length; p++) image.data[p] = p % 4 === 3 ? 255 : colour(p);
    canvas.getContext("2d").putImageData(image, size * place, 0);
  });
}

class CookiePanel {
  constructor(section, cookies) {
    this.all = (name) => [...section.querySelectorAll(`[data-${name}]`)];
    Object.assign(this, {cookies, revealed: 0});
    for (const button of this.all("do")) {
      const [method, ...given] = JSON.parse(button.dataset.do);
      button.onclick = () => this[method](...given);
    }
    this.start(0);
  }

  start(set = this.model.set) {
    this.model = new SoftmaxRegression(this.cookies, set);
    this.findWrong(-1);
  }

  learn(steps) {
    this.model.learning_rate = Number(byId("cookies-rate").value);
    this.model.learn(steps);
    this.findWrong(this.wrong - 1);
  }

  play() {
    this.timer = this.timer ? clearInterval(this.timer) : setInterval(() => this.learn(1), FRAME);
    this.draw();
  }

  // Show the next training picture that gets a wrong answer.
  findWrong(after = this.wrong) {
    const {count, kinds} = this.cookies, isWrong = (i) => this.model.look(i).said !== kinds[i];
    this.wrong = Math.max(0, kinds.findIndex((_, i) => i > after && i < count && isWrong(i)));
    this.draw();
  }

  learnFromWrong() {
    const before = this.model.look(this.wrong);
    this.model.descend([this.wrong]);
    this.draw([before]);
  }

  // Reveal what templates learned from set B do with test pictures: of set B, and then (2) of all sets.
  reveal(answer) {
    if (this.model.set !== 1) byId("cookies-set-1").click();
    if (this.model.num_steps === 0) this.learn(STEPS_TO_REVEAL);
    this.revealed = Math.max(this.revealed, answer);
    this.draw();
  }

  draw(before = []) {
    const {model, cookies, revealed, timer} = this, looks = [...before, model.look(this.wrong)];
    const name = (kind) => text(`cookies.kinds.${kind}`), values = {
      ...cookies, steps: number(model.num_steps), play: text(`cookies.${timer ? "pause" : "play"}`),
      number: this.wrong + 1, kind: name(looks[0].kind), said: name(looks[0].said),
      loss: looks.map(({loss}) => loss.toFixed(3)).join(" → "),
    };
    for (const row of this.all("score")) {
      const [set, test] = JSON.parse(row.dataset.score), {percent, error, loss} = model.score(set, test);
      values[`test_${set}`] = `${percent.toFixed(1)}${test ? ` ± ${error.toFixed(1)}` : ""} %`;
      row.cells[1].textContent = values[`test_${set}`];
      row.cells[2].textContent = loss.toFixed(2);
      row.hidden = set !== model.set && !(test && revealed === 2);
    }
    for (const block of this.all("from")) block.hidden = revealed < block.dataset.from;
    for (const words of this.all("text")) words.textContent = text(words.dataset.text, values);
    this.drawKinds(looks);
  }

  drawKinds(looks) {
    const {model, cookies} = this, {size, count, kinds, range} = cookies, [{x, kind, errors}] = looks;
    const weights = Float64Array.from(model.templates.flatMap((template) => [...template]), Math.abs).sort();
    const full = Math.max(PALE, weights[Math.floor(0.98 * weights.length)]);
    paint(byId("cookies-wrong"), size, [x], range / 2);
    this.all("kind").forEach((row, k) => {
      const samples = cookies.inputs[model.set].filter((_, i) => i < count && kinds[i] === k).slice(0, 6);
      const [shown, template] = row.querySelectorAll("canvas");
      paint(shown, size, samples, range / 2);
      paint(template, size, [model.templates[k]], full);
    });
    this.all("wrong").forEach(({cells}, k) => {
      cells[1].textContent = looks.map(({p}) => p[k].toFixed(3)).join(" → ");
      cells[2].textContent = Number(k === kind);
      cells[3].textContent = errors[k].toFixed(3).replace("-", "−");
      paint(cells[4].firstChild, size, [x], -range / 2 / errors[k]);
    });
  }
}

async function showCookies(section, packed) {
  window.page.cookies = new CookiePanel(section, await loadCookies(packed));
  section.hidden = false;
}
