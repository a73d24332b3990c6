// Texts and numbers as words, and what is written into the page. Every text comes from the texts file.

const byId = id => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);

function text(key, values = {}, numberWords = number) {
  const found = key.split(".").reduce((part, name) => part?.[name], data.texts) ?? key;
  const words = value => typeof value === "number" ? numberWords(value) : value;
  return found.replace(/\{(\w+)\}/g, (whole, name) => words(values[name]) ?? whole);
}

function number(value, digits = 3) { // 12,300 and 1.45 and −0.002
  const whole = Number.isInteger(value) || Math.abs(value) >= 1000;
  const words = whole ? (Math.round(value) + 0).toLocaleString("en") : Number(value.toPrecision(digits));
  return String(words).replace("-", "−");
}

function percentage(value) { // one decimal; only the optimum is 100 %
  if (!Number.isFinite(value)) return "–";
  const tenths = Math.round(10 * value);
  return `${number((tenths === 1000 && value < 100 - 1e-9 ? 999 : tenths) / 10, 5)} %`;
}

// Change properties of an element, a text being its content, but only to new values: after a change, the page
// is laid out again.
function put(element, given) {
  const properties = typeof given === "string" ? {textContent: given} : given;
  for (const [key, value] of Object.entries(properties)) if (element[key] !== value) element[key] = value;
}

function mark(element, classes) { // by name, whether it has them
  for (const [name, is] of Object.entries(classes)) element.classList.toggle(name, Boolean(is));
}

function say(words) {
  byId("status").textContent = words;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => say(""), 8000);
}

// Carry out a request of a person; if that fails, show the reason.
async function attempt(action) {
  try {
    await action();
  } catch (error) {
    if (error.constructor !== Error) throw error;
    say(error.message);
  }
}
