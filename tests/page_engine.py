"""Runs the page's engine, the JavaScript modules without a page, in Node."""

import json
import shutil
import subprocess
from base64 import b64encode
from functools import cache
from typing import Any

import gymnasium as gym

from cookie_jar.agents import ExpectedSarsa, QLearning, Sarsa, evaluate_exactly
from cookie_jar.agents.memory import version
from cookie_jar.agents.temporal_difference import TemporalDifference
from cookie_jar.scripts.common.lessons import OWN
from cookie_jar.scripts.webpage import build
from cookie_jar.scripts.webpage.kitchens import labels, own_kitchens, settings

MODULES = ("random.js", "learner.js", "exact.js", "memory.js", "history.js")
KINDS: dict[str, type[TemporalDifference]] = {
    "q-learning": QLearning,
    "sarsa": Sarsa,
    "expected-sarsa": ExpectedSarsa,
}
NODE = shutil.which("node")
SECONDS = 600  # after which a hanging program is stopped

HELPERS = """
const toBase64 = bytes => btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""));
const fromBase64 = letters => Uint8Array.from(atob(letters), letter => letter.charCodeAt(0));
const bytesOf = array => toBase64(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
const inWords = (_, value) => typeof value === "bigint" ? String(value) : value;
const refused = action => {
  try {
    action();
    return null;
  } catch (error) {
    return error.message;
  }
};
const stateOf = learner => ({
  table: bytesOf(learner.table), random: {...learner.random}, episode: learner.episode,
  num_timesteps: learner.num_timesteps, num_episodes: learner.num_episodes,
});
"""


@cache
def page_data() -> dict[str, Any]:
    """What the engine reads of the page's data."""
    kitchens = {name: {**packed.data, "name": name} for name, packed in own_kitchens().items()}
    return labels() | settings() | {"kitchens": kitchens, "versions": versions()}


def versions() -> dict[str, str]:
    return {name: version(name) for name in ("cookie-jar", "gymnasium", "numpy")}


def program(body: str, **given: Any) -> str:
    """A script that runs the body of an async function on loaded `kitchens`; its value goes to `done`."""
    modules = "\n".join((build.HERE / name).read_text() for name in MODULES)
    return f"""
"use strict";
const text = (key, values = {{}}) => [key, ...Object.values(values)].join(" ");
{HELPERS}
const data = {json.dumps(page_data())}, given = {json.dumps(given)};
{modules}
(async () => {{
  const kitchens = {{}};
  for (const name in data.kitchens) kitchens[name] = await loadKitchen(data.kitchens[name]);
  done(JSON.stringify(await (async () => {{ {body} }})(), inWords));
}})();
"""


def in_page(window: Any, body: str, **given: Any) -> Any:
    """Return what the body of an async function returns in an open page, a window of playwright."""
    script = f"""async () => {{
      {HELPERS}
      const kitchens = page.kitchens, given = {json.dumps(given)};
      return JSON.stringify(await (async () => {{ {body} }})(), inWords);
    }}"""
    return json.loads(window.evaluate(script))


def in_node(body: str, **given: Any) -> Any:
    """Return what the body of an async function returns in Node; it sees the values `given` by name."""
    script = "const done = answer => process.stdout.write(answer);\n" + program(body, **given)
    done = subprocess.run(
        [str(NODE), "-"], input=script, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


LEARNED = """
  return given.cases.map(([kitchen, algorithm, settings]) => {
    const learner = new Learner(kitchens[kitchen], {algorithm, ...settings});
    for (const steps of given.parts) learner.learn(steps);
    return {...stateOf(learner), greedy: score(learner).mean_return};
  });
"""  # what `check_same` compares


def check_same(cases: list[tuple[str, str, dict[str, Any]]], parts: list[int], answers: Any) -> None:
    """Compare the answers of `LEARNED` with agents that learn as many steps."""
    assert len(cases) == len(answers)
    for case, found in zip(cases, answers, strict=True):
        kitchen, algorithm, settings = case
        agent = made(kitchen, algorithm, **settings)
        agent.learn_steps(sum(parts))
        greedy = evaluate_exactly(agent, agent.env).mean_return
        assert found == state_of(agent) | {"greedy": greedy}, case


def made(
    kitchen: str, algorithm: str, happiness: dict[str, float] | None = None, **settings: Any
) -> TemporalDifference:
    options = {"happiness": happiness} if happiness else {}
    return KINDS[algorithm](gym.make(OWN[kitchen], **options), **{"seed": 0, **settings})


def state_of(agent: TemporalDifference) -> dict[str, Any]:
    """The state of an agent in the form in which the harness writes that of a learner."""
    random, episode = agent.rng.bit_generator.state, agent.resume_state().get("episode")
    return {
        "table": b64encode(agent.q_table.tobytes()).decode(),
        "random": {
            "state": str(random["state"]["state"]),
            "inc": str(random["state"]["inc"]),
            "has_uint32": random["has_uint32"],
            "uinteger": random["uinteger"],
        },
        "episode": episode and dict(zip(("obs", "chosen", "total", "length"), episode, strict=True)),
        "num_timesteps": agent.num_timesteps,
        "num_episodes": agent.num_episodes,
    }
