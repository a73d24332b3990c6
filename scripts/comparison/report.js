"use strict";
// Replays: a player for each algorithm, which steps through the pictures of an episode.
const data = JSON.parse(document.getElementById("data").textContent);
const environment = document.getElementById("environment"), players = document.getElementById("replays");
const MILLISECONDS = 350; // between two pictures

function make(tag, parent, properties) {
  const element = Object.assign(document.createElement(tag), properties);
  parent.append(element);
  return element;
}

// Add a player for the episodes of one algorithm; return the function that stops it.
function addPlayer(label, episodes) {
  const box = make("div", players, {className: "replay"});
  make("h3", box, {textContent: label});
  make("div", box, {className: "table-score", textContent: "In the table: " + episodes[0].table});
  const choice = make("select", box, {ariaLabel: label + ": seed and training steps"});
  episodes.forEach((episode, i) => make("option", choice, {value: i, textContent:
    "seed " + episode.seed + ", " + episode.steps.toLocaleString("en") + " steps: " + episode.score}));
  const image = make("img", box, {alt: "the kitchen"});
  const sentence = make("p", box, {});
  const row = make("div", box, {className: "row"});
  const button = make("button", row, {type: "button"});
  const slider = make("input", row, {type: "range", min: 0, ariaLabel: label + ": action"});
  let timer = null, episode = null;
  function show(i) {
    const [picture, text] = episode.frames[i];
    image.src = data.pictures[picture];
    sentence.textContent = text;
    slider.value = i;
  }
  function isAtEnd() { return +slider.value + 1 >= episode.frames.length; }
  function stop() { clearInterval(timer); timer = null; button.textContent = "Play"; }
  button.onclick = () => {
    if (timer !== null) return stop();
    if (isAtEnd()) show(0);
    button.textContent = "Pause";
    timer = setInterval(() => isAtEnd() ? stop() : show(+slider.value + 1), MILLISECONDS);
  };
  slider.oninput = () => { stop(); show(+slider.value); };
  choice.onchange = () => {
    stop();
    episode = episodes[choice.value];
    slider.max = episode.frames.length - 1;
    show(0);
  };
  choice.value = episodes.length - 1;
  choice.onchange();
  return stop;
}

let stops = [];
environment.onchange = () => {
  stops.forEach(stop => stop());
  players.replaceChildren();
  const here = data.replays.filter(replay => replay.env_id === environment.value);
  const labels = [...new Set(here.map(replay => replay.label))];
  stops = labels.map(label => addPlayer(label, here.filter(replay => replay.label === label)));
};
const ids = [...new Set(data.replays.map(replay => replay.env_id))];
ids.forEach(id => make("option", environment, {value: id, textContent: id}));
if (ids.length) environment.onchange();
else { environment.hidden = true; document.getElementById("none").hidden = false; }
