"""The page in a cell of a notebook."""

import re
from html import unescape

import pytest
from waiting import wait_in_page

from cookie_jar.agents import AgentError, QLearning
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.webpage import show_page


def test_it_is_a_frame_with_the_page():
    page = show_page(kitchen="corner", seed=3)
    frame = page._repr_html_()
    assert unescape(re.search('srcdoc="([^"]*)"', frame)[1]) == page.html
    assert '"start":{"kitchen":"corner","algorithm":"q-learning","seed":3}' in page.html
    assert len(repr(page)) < 100


def test_runs_and_agents(corner_run):
    assert '"name":"corner"' in show_page(corner_run).html
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(100)
    assert '"steps":[100]' in show_page(agent).html


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((3,), {}, "expected the folder of a run, an agent or None, got 3"),
        ((), {"kitchen": "house"}, "kitchen: expected one of corner, home, clumsy"),
        ((), {"algorithm": "ppo"}, "algorithm: expected one of q-learning"),
        ((), {"seed": -1}, "seed: expected"),
        ((), {"height": 0}, "height: expected"),
        ((), {"cookies": 1}, "cookies: expected True or False"),
        (("runs/x",), {"seed": 1}, "expected no kitchen, algorithm or seed with a run"),
        (("nowhere",), {}, "nowhere: expected the folder of a run"),
    ],
)
def test_odd_arguments(arguments, options, message):
    with pytest.raises(AgentError, match=message):
        show_page(*arguments, **options)


def test_an_agent_of_another_environment():
    with pytest.raises(UsageError, match="got FrozenLake-v1"):
        show_page(QLearning("FrozenLake-v1", seed=0))


def test_it_works_in_a_frame(browser):
    shown = browser.new_page()
    messages = []
    shown.on("console", lambda message: messages.append(message.text))
    shown.set_content(show_page(kitchen="corner", height=700)._repr_html_())
    frame = shown.frames[-1]
    wait_in_page(frame, "window.page")
    frame.evaluate("page.ready")
    frame.click("#step")
    assert frame.evaluate("page.learners[0].num_timesteps") == 1
    assert messages == []
    shown.close()
