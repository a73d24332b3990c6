import inspect

import pytest

import cookie_jar.agents
import cookie_jar.envs
from cookie_jar.agents import AGENTS, Agent, load


@pytest.mark.parametrize(("name", "kind"), AGENTS.items())
def test_every_registered_agent_learns_and_is_loaded_by_its_class(name, kind, tmp_path):
    agent = kind("CookieJarCorner-v0", seed=0).learn(64)
    agent.save(tmp_path / "agent")
    assert type(load(tmp_path)) is kind
    assert name == name.lower()


def test_all_concrete_agents_that_learn_are_registered():
    public = [getattr(cookie_jar.agents, name) for name in cookie_jar.agents.__all__]
    kinds = {kind for kind in public if inspect.isclass(kind) and issubclass(kind, Agent)}
    assert {kind.__name__ for kind in kinds - set(AGENTS.values())} == {
        "Agent",
        "ImportedPolicy",
        "Optimal",
        "Random",
        "Taster",  # needs an environment with pictures
    }
