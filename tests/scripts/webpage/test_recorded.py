"""The page of a finished run in Chromium: its timeline, and learning that goes on from its memory."""

import numpy as np
import pytest
from waiting import wait_in_page

from cookie_jar.agents import load
from cookie_jar.agents.exact_evaluation import evaluate_exactly

TABLE = "Array.from(page.learners[0].table)"


@pytest.mark.parametrize("name", ["corner", "table", "network"])
def test_the_timeline_shows_the_snapshots(open_page, trained, name):
    page = open_page(trained(name), "--no-cookies")
    run = page.evaluate("data.run")
    for steps in (run["steps"][-1], run["steps"][2]):
        page.evaluate(f"page.goTo({steps})")
        agent = load(f"{trained(name)}@{steps}") if steps != run["steps"][-1] else load(trained(name))
        shown = np.array(page.evaluate(f"{TABLE}.map(value => Number.isNaN(value) ? null : value)"), float)
        exact = agent.q_table if name == "corner" else agent.probabilities(agent.states())
        learned = np.isfinite(shown) & (shown != 0)
        assert learned.any() or steps < 1_000
        assert np.abs(shown - exact.ravel())[learned].max(initial=0.0) <= run["scale"]
        percent = evaluate_exactly(agent, agent.env).percent
        assert page.evaluate("score(page.learner).percent") == pytest.approx(percent, abs=0.1)
    assert page.locator("#go-on").is_visible() == (name == "corner")


def test_learning_goes_on_with_the_same_bits(open_page, corner_run):
    page = open_page(str(corner_run), "--no-cookies")
    page.click("#go-on")
    wait_in_page(page, "!page.learners[0].recorded")
    assert page.evaluate("page.learners[0].num_timesteps") == 5_000
    page.evaluate("page.learn(3333)")
    agent = load(corner_run).learn(3_333, reset_num_timesteps=False)
    assert page.evaluate("page.learners[0].num_timesteps") == agent.num_timesteps
    assert page.evaluate(TABLE) == agent.q_table.ravel().tolist()
