"""Kitchens for the page: the packed tables are those of the environment, and what does not fit is refused."""

import gymnasium as gym
import numpy as np
import pytest

import cookie_jar.envs
from cookie_jar.agents.model import SamplingTables
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.common.lessons import OWN
from cookie_jar.scripts.webpage.kitchens import labels, own_kitchens, pack_kitchen

WIDE = "\n".join(["#J" + 29 * "#", "#SC" + 28 * "#", 31 * "#", *(5 * ["#" + 29 * "." + "#"]), 31 * "#"])


def unpack(kitchen):
    """Return the parts of the states, next states and events, as the page's script does."""
    states, actions, outcomes = kitchen["S"], kitchen["A"], kitchen["K"]
    parts, tables = np.array([*kitchen["states"].values()]), []
    order = sorted(range(states), key=lambda state: parts[::-1, state].tolist())
    for name in ("moves", "event"):
        found = np.empty((states, actions, outcomes), np.int64)
        found[order] = np.reshape(kitchen[name], (actions, outcomes, states)).transpose(2, 0, 1)
        tables.append(found)
    rank = np.empty(states, np.int64)
    rank[order] = np.arange(states)
    return parts, np.array(order)[tables[0] + rank[:, None, None]], tables[1]


@pytest.mark.parametrize("env_id", [*OWN.values(), "CookieJarHints-v0", "CookieJarVector-v0"])
def test_the_tables_are_those_of_the_environment(env_id):
    env = gym.make(env_id)
    world, tables = env.unwrapped.world, SamplingTables.of(env)
    kitchen = pack_kitchen(env, "x").data
    parts, next_state, event = unpack(kitchen)
    assert np.array_equal(parts, np.stack(world.states))
    assert np.array_equal(next_state, tables.model.next_state)
    assert np.array_equal(event, world.event)
    assert np.array_equal(event == len(labels()["events"]) - 1, tables.model.terminated)
    ends, starts = kitchen["ends"], kitchen["starts"]
    assert np.all(tables.outcome_ends == (np.reshape(ends, event.shape[1:]) if ends else 1.0))
    assert tables.start_ends.tolist() == starts + [1.0] * (kitchen["S"] - len(starts))
    assert (kitchen["shaped"] is None) == (env_id != "CookieJarHints-v0")


def test_large_numbers_of_cells_fit():
    """Cells that the child cannot reach have numbers, too."""
    env = gym.make("CookieJar-v0", kitchen=WIDE)
    kitchen = pack_kitchen(env, "wide").data
    assert len(kitchen["cells"]) == 147
    assert np.array_equal(unpack(kitchen)[0], np.stack(env.unwrapped.world.states))


def test_scores_are_exact():
    kitchens = own_kitchens()
    assert kitchens["corner"].data["optimum"] == 1.45
    assert kitchens["home"].data["random"] == pytest.approx(-2.19869, abs=1e-5)
    assert kitchens["home"].room == kitchens["clumsy"].room


def test_rewards_follow_from_events():
    names, kitchen = labels(), pack_kitchen(gym.make("CookieJar-v0", happiness={"act": -0.5}), "x").data
    reward = [kitchen["happiness"][name] for name in names["event_happiness"]]
    env = gym.make("CookieJar-v0", happiness={"act": -0.5}).unwrapped
    assert np.array_equal(np.array(reward)[env.world.event], env.unshaped_model.reward)


@pytest.mark.parametrize(
    ("env_id", "message"),
    [
        ("CookieJarHouse-v0", "the kitchen x has 118,575 states with 1,185,750 outcomes"),
        (
            "CookieJarRandom-v0",
            "expected one kitchen of Cookie Jar with all ten actions, got CookieJarRandom-v0",
        ),
        ("CookieJarPicturesJar-v0", "got CookieJarPicturesJar-v0"),
        ("CookieJarPictures-v0", "got CookieJarPictures-v0"),
        ("FrozenLake-v1", "got FrozenLake-v1"),
        ("CartPole-v1", "got CartPole-v1"),
    ],
)
def test_what_the_page_cannot_show_is_refused(env_id, message):
    assert cookie_jar.envs.IDS
    with pytest.raises(UsageError, match=message):
        pack_kitchen(gym.make(env_id), "x")
