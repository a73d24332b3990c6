"use strict";
// Replays: one clock for all agents; each of them shows the picture of its episode at the current action.
const data = JSON.parse(document.getElementById("data").textContent);
const [play, restart, time, action, environment, players] =
  ["play", "restart", "time", "action", "environment", "replays"].map(id => document.getElementById(id));
const MILLISECONDS = 450; // between two pictures

function make(tag, parent, properties) {
  const element = Object.assign(document.createElement(tag), properties);
  parent.append(element);
  return element;
}

// Add a player for the episodes of one agent; return its functions `show(i)` and `length()`.
function addPlayer(label, episodes) {
  const box = make("div", players, {className: "replay"});
  const title = make("h3", box, {textContent: label + " "}), score = make("b", title, {});
  make("p", box, {className: "table-score", textContent: "In the table: " + episodes[0].table});
  const choice = make("select", box, {ariaLabel: label + ": seed and training steps"});
  episodes.forEach((episode, i) => make("option", choice, {value: i, textContent:
    "seed " + episode.seed + ", " + episode.steps.toLocaleString("en") + " steps: " + episode.score}));
  const image = make("img", box, {alt: "the kitchen"});
  const sentence = make("p", box, {className: "sentence"});
  const why = make("p", box, {className: "why"});
  let episode = null;
  function show(i) {
    const last = episode.frames.length - 1, [picture, text] = episode.frames[Math.min(i, last)];
    image.src = data.pictures[picture];
    sentence.textContent = text;
    box.classList.toggle("ended", i >= last);
  }
  function choose() {
    episode = episodes[choice.value];
    score.textContent = episode.score;
    why.textContent = episode.why;
  }
  choice.onchange = () => { choose(); measure(); };
  choice.value = episodes.length - 1;
  choose();
  return {show, length: () => episode.frames.length};
}

let shown = [], timer = null;
function moveTo(i) {
  time.value = i;
  action.textContent = "action " + time.value + " of " + time.max;
  shown.forEach(player => player.show(+time.value));
}
function measure() {
  time.max = Math.max(0, ...shown.map(player => player.length() - 1));
  moveTo(Math.min(+time.value, +time.max));
}
function isAtEnd() { return +time.value >= +time.max; }
function stop() {
  clearInterval(timer);
  timer = null;
  play.textContent = "Play all";
}
function start() {
  if (isAtEnd()) moveTo(0);
  play.textContent = "Pause all";
  timer = setInterval(() => isAtEnd() ? stop() : moveTo(+time.value + 1), MILLISECONDS);
}
function toggle() { if (timer === null) start(); else stop(); }

play.onclick = toggle;
restart.onclick = () => { stop(); moveTo(0); start(); };
time.oninput = () => { stop(); moveTo(+time.value); };
environment.onchange = () => {
  stop();
  players.replaceChildren();
  const here = data.replays.filter(replay => replay.env_id === environment.value);
  const labels = [...new Set(here.map(replay => replay.label))];
  shown = labels.map(label => addPlayer(label, here.filter(replay => replay.label === label)));
  time.value = 0;
  measure();
};

const KEYS = {
  " ": toggle, r: () => restart.onclick(),
  ArrowLeft: () => { stop(); moveTo(+time.value - 1); }, ArrowRight: () => { stop(); moveTo(+time.value + 1); },
};
document.onkeydown = event => {
  const busy = event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("button, select, input, summary");
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (busy || !act || !shown.length) return;
  event.preventDefault();
  act();
};

const ids = [...new Set(data.replays.map(replay => replay.env_id))];
ids.forEach(id => make("option", environment, {value: id, textContent: id}));
if (ids.length) environment.onchange();
else for (const part of document.querySelectorAll("#controls, .hint, #none")) part.hidden = !part.hidden;

// Paper shows all parts; small screens begin with the results.
const legend = document.getElementById("legend");
if (matchMedia("(max-width: 40rem)").matches) legend.open = false;
window.onbeforeprint = () => document.querySelectorAll("details").forEach(part => { part.open = true; });
