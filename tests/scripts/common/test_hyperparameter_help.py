"""The help of hyperparameters names whole families of agents, and all agents that have a hyperparameter."""

import pytest

from cookie_jar.agents.classifiers import CLASSIFIERS
from cookie_jar.agents.registry import AGENTS
from cookie_jar.scripts.common.hyperparameter_help import families, families_text, help_text


def test_each_agent_belongs_to_one_family():
    members = [name for names in families(AGENTS).values() for name in names]
    assert sorted(members) == sorted(AGENTS)


def test_classifiers_have_no_families():
    assert families_text(CLASSIFIERS) is None


@pytest.mark.parametrize(
    ("name", "defaults"),
    [
        ("gamma", "(default for all agents: 0.99)"),
        ("exploration_initial_eps", "(defaults: dyna-q 0.3; other Q-table agents 1.0)"),
        ("exploration_bonus", "(defaults: dyna-q 0.005; other Q-table agents, policy gradients 0.0)"),
        ("n_envs", "(defaults: reinforce 16; actor-critic, ppo 64)"),
        ("trace_decay", "(default for sarsa-lambda, q-lambda: 0.9)"),
        ("final_learning_rate", "(default for policy gradients: the learning rate)"),
        ("policy", "(default for policy gradients: depends on the observations)"),
    ],
)
def test_defaults_name_who_has_them(name, defaults):
    assert help_text(name, AGENTS, "agents").endswith(defaults)


def test_a_description_of_some_agents_names_them():
    assert "; for policy gradients: weight b of a bonus" in help_text("exploration_bonus", AGENTS, "agents")
