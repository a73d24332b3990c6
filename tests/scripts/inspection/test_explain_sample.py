import re

import numpy as np
import pytest

from cookie_jar.agents import PPO
from cookie_jar.scripts.inspection.view import MemoryView


@pytest.mark.parametrize("name", ["table", "network"])
@pytest.mark.parametrize("options", [["--state", "0", "--action", "right"], ["--step", "1"]])
def test_the_numbers_are_those_of_the_agent(trained, show, name, options):
    shown = show("explain", trained(name), *options)
    agent = MemoryView(trained(name)).agent
    [value] = agent.values(agent.states()[:1])
    assert f"value of state 0 before: {value:.4f}" in shown
    [advantage] = re.findall(r"^advantage = .* = ([+-]\d+\.\d+)$", shown, re.M)
    rows = np.array(re.findall(r"^  .{12} +(\d\.\d{4}) +([+-]\d\.\d{4}) +(\d\.\d{4})", shown, re.M), float)
    [taken] = [n for n, line in enumerate(re.findall(r"^  .* \d\.\d{4} .*$", shown, re.M)) if "taken" in line]
    [probabilities] = agent.probabilities(agent.states()[:1])
    assert rows[:, 0] == pytest.approx(probabilities, abs=6e-5)
    wanted = float(advantage) * (probabilities - (np.arange(10) == taken))
    assert rows[:, 1] == pytest.approx(wanted, abs=2e-4)
    assert rows[:, 2].sum() == pytest.approx(1.0, abs=1e-3)


def test_the_last_step_has_no_next_value(trained, show):
    """From the cell beside the jar, the episode ends with the liked cookie."""
    view = MemoryView(trained("table"))
    model = view.world.tabular_model
    state, action, _ = (int(index[0]) for index in np.nonzero(model.terminated))
    shown = show("explain", trained("table"), "--state", str(state), "--action", str(action))
    assert "The episode terminated here, so there is no next value:" in shown
    assert "target    = reward         = 1.0000" in shown


def test_an_explanation_changes_nothing(trained, show):
    before = MemoryView(trained("table")).parameters()
    first = show("explain", trained("table"), "--state", "0")
    assert show("explain", trained("table"), "--state", "0") == first
    assert np.array_equal(MemoryView(trained("table")).parameters(), before)


def test_the_masked_probabilities_are_shown(show, tmp_path):
    agent = PPO("CookieJarCorner-v0", seed=0, n_envs=4, action_masks=True).learn(500)
    [mask] = agent.env.unwrapped.world.action_mask[:1]
    shown = show("explain", str(agent.save(tmp_path / "agent")), "--state", "0", "--action", "right")
    rows = np.array(re.findall(r"^  .{12} +(\d\.\d{4}) +([+-]\d\.\d{4}) +(\d\.\d{4})", shown, re.M), float)
    assert rows[:, 0] == pytest.approx(agent.probabilities(np.zeros(1, int))[0], abs=6e-5)
    assert not rows[mask == 0].any()
    assert (rows[mask == 1, 0] > 0).all()
