import gymnasium as gym
import pytest

from cookie_jar.agents import QLearning
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.envs import Action
from cookie_jar.envs.rendering.episode import EpisodeRunner
from cookie_jar.scripts.viewer.learner import SPANS, Learner, TrainingReturns


@pytest.fixture
def learner():
    env = gym.make("CookieJarCorner-v0", render_mode="rgb_array")
    learner = Learner(QLearning("CookieJarCorner-v0", seed=0), EpisodeRunner(env), "run", Evaluator(env))
    learner.start(0)
    return learner


def test_actions_are_chosen_when_they_are_shown(learner):
    assert learner.episode.last == 0
    learner.extend(4.5)
    assert learner.episode.actions == (Action.UP,) * 5
    learner.agent.q_table[:, Action.REACH] = 1  # now it believes in reaching
    learner.extend(4.9)
    assert learner.episode.last == 5
    learner.extend(7.0)
    assert learner.episode.actions == (*[Action.UP] * 5, *[Action.REACH] * 3)


def test_an_episode_ends_where_it_ends(learner):
    learner.agent.learn(5_000)
    learner.start(1)
    learner.extend(100.0)
    assert learner.episode.last == 7
    assert learner.episode.time_steps[-1].terminated
    assert (learner.seed, learner.steps) == (1, 5_000)


def test_an_episode_without_end_is_cut(learner):
    learner.extend(1_000.0)
    assert learner.episode.last == 30 + 2 * 7
    learner.extend(2_000.0)
    assert learner.episode.last == 30 + 2 * 7


def test_returns_are_averaged_over_parts_of_the_training():
    returns = TrainingReturns(SPANS * 100)
    returns.add(50, [1.0, 2.0])
    returns.add(99, [6.0])
    returns.add(150, [])
    returns.add(SPANS * 100, [4.0])
    assert returns.points() == ([50.0, SPANS * 100 - 50.0], [3.0, 4.0])
