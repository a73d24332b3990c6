import re
from types import SimpleNamespace

import pytest
import yaml
from before import BEFORE, TRAINED

from cookie_jar.agents import PPO, Evaluation, Evaluator, QLearning, load
from cookie_jar.scripts.common.console import printable
from cookie_jar.scripts.inspection.model_card import model_card

CORNER = "CookieJarCorner-v0"
SB3 = BEFORE / "comparison" / "runs" / "cookie-jar-corner-sb3-ppo-0"
DEEP = "deep-reinforcement-learning"


def card_of(agent):
    text = model_card(agent, Evaluator(agent.env))
    return text, yaml.safe_load(text.split("---\n")[1])


@pytest.mark.parametrize(
    ("make", "tags", "kind"),
    [
        (lambda: QLearning(CORNER), ["q-learning"], "A table"),
        (lambda: PPO(CORNER, policy="table"), ["ppo"], "A table"),
        (lambda: PPO(CORNER, policy="network"), ["ppo", DEEP], "A neural network."),
        (lambda: load(SB3), ["ppo", DEEP], "A neural network of Stable-Baselines3"),
    ],
    ids=["table", "policy table", "network", "sb3"],
)
def test_only_networks_are_deep(make, tags, kind):
    text, header = card_of(make())
    assert {*header["tags"]} == {CORNER, "reinforcement-learning", "cookie-jar", *tags}
    assert header["pipeline_tag"] == "reinforcement-learning"
    assert f"\n{kind}" in text


@pytest.mark.parametrize("env_id", [CORNER, "FrozenLake-v1"])
def test_the_example_registers_what_it_needs(env_id):
    text, _ = card_of(QLearning(env_id))
    assert ("import cookie_jar.envs" in text) == (env_id == CORNER)
    assert "pip install" in text


@pytest.mark.parametrize("folder", [TRAINED / "q-learning", SB3], ids=["table", "sb3"])
def test_the_example_prints_the_scores(folder, capsys):
    text, header = card_of(load(folder))
    [example] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names = {}
    exec(example.replace("FOLDER", folder.as_posix()), names)
    [reward, *_] = header["model-index"][0]["results"][0]["metrics"]
    found = float(re.search(r"mean_return=([-\d.]+)", capsys.readouterr().out)[1])
    assert found == pytest.approx(reward["value"], abs=1e-6)
    assert names["agent"].action_space.contains(int(names["action"]))


class Agent:
    """What a model card needs of an agent."""

    num_timesteps = 5

    def __init__(self, algorithm, env_id):
        self.algorithm = algorithm
        spec = SimpleNamespace(id=env_id, entry_point="gymnasium.envs:X")
        self.env = SimpleNamespace(spec=spec)
        self.env.unwrapped = self.env

    def settings(self):
        return {"policy": self.algorithm}


@pytest.mark.parametrize(
    "name",
    [
        "</code><script>alert(1)</script>", "[a](https://example.org)", "a\n---\ntags: [x]\n---\n# b",
        "```\n# b", "&lt;b&gt;", "| a | b |", "a: b", "!!python/object:os.system", "\x1b]0;a\x07", "*&anchor",
    ],
)  # fmt: skip
def test_foreign_names_are_no_markup(name):
    score = Evaluation(1.0, 1.0, 7.0)
    evaluator = SimpleNamespace(
        greedy=lambda agent: score, random=score, optimum=None, how="exact", horizon=200
    )
    text = model_card(Agent(name, name), evaluator)
    _, header, page = text.split("---\n", 2)
    assert yaml.safe_load(header)["model-index"][0]["name"] == printable(name)
    title = next(line for line in page.splitlines() if line)
    assert title.startswith("# ")
    assert not re.search(r"(?<!\\)[<>`*|&\[\]!]", title)
    assert title.isprintable()
    assert page.count("\n```") == 6
    assert page.count("\n# ") == 1
