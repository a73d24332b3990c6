from copy import deepcopy

import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import AgentError, QLearning
from cookie_jar.agents.class_only import class_only


class Base:
    @class_only
    def load(cls, path):
        """Return the class and the path."""
        return cls, path


class Derived(Base):
    @classmethod
    def load(cls, path):
        return super().load(path)


def test_the_class_calls_it_and_an_instance_is_refused():
    assert Base.load("x") == (Base, "x")
    assert Base.load.__doc__ == "Return the class and the path."
    with pytest.raises(AgentError, match=r"^load returns a new object: write `new = Base\.load\(path\)`$"):
        Base().load("x")


def test_a_subclass_may_extend_it():
    assert Derived.load("x") == (Derived, "x")


def test_a_copy_of_an_agent_is_refused_too(tmp_path):
    agent = deepcopy(QLearning("CookieJarCorner-v0", seed=0))
    path = agent.save(tmp_path / "agent")
    with pytest.raises(AgentError, match=r"write `new = QLearning\.load\(path\)`"):
        agent.load(path)
    assert QLearning.load(path).seed == 0
