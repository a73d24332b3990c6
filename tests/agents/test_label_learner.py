import gymnasium as gym
import numpy as np
import pytest

from cookie_jar.agents import AgentError, load
from cookie_jar.agents.label_learner import LabelLearner
from cookie_jar.agents.losses import log_softmax
from cookie_jar.agents.ranking import place_beliefs
from cookie_jar.agents.strips import place_pictures
from cookie_jar.envs import Cookie, draw_pictures
from cookie_jar.envs.dynamics import ARRANGEMENTS

JAR = "CookieJarPicturesJar-v0"


def draw(rng):
    drawn = draw_pictures(rng.integers(1_000, size=1))
    return drawn.pictures[0], int(drawn.kinds[0])


def quick(**options):
    return LabelLearner(JAR, seed=0, gradient_steps=2, batch_size=8, **options)


def test_a_step_is_a_labelled_picture():
    agent = quick(draw=draw).learn(300)
    assert (agent.num_timesteps, agent.kept, agent.num_episodes) == (300, 300, 0)
    test = draw_pictures(np.arange(1_000_000, 1_000_500))
    accuracy = (agent.logits(test.pictures).argmax(axis=1) == test.kinds).mean()
    assert accuracy > 0.6  # by chance: 0.33, with a standard error of 0.02


def test_the_place_that_most_probably_holds_the_liked_kind_is_picked():
    agent, env = quick(liked=2, draw=draw).learn(20), gym.make(JAR, likes="plain")
    obs, _ = env.reset(seed=0)
    logs = log_softmax(agent.logits(place_pictures(obs[None])[0]))
    np.testing.assert_allclose(agent.scores(obs[None])[0], place_beliefs(logs, 2), rtol=1e-4)
    order = ARRANGEMENTS[env.unwrapped.get_state().arrangement].tolist()
    disliked = order.index(Cookie.RAISIN)
    obs, *_ = env.step(disliked)
    assert np.isneginf(agent.scores(obs[None])[0]).tolist() == [place == disliked for place in range(3)]


def test_a_loaded_agent_acts_and_needs_pictures_to_learn(tmp_path):
    agent = quick(draw=draw).learn(10)
    agent.save(tmp_path / "agent")
    loaded = load(tmp_path)
    obs, _ = gym.make(JAR).reset(seed=1)
    np.testing.assert_array_equal(loaded.scores(obs[None]), agent.scores(obs[None]))
    with pytest.raises(AgentError, match="expected labelled pictures to learn from"):
        loaded.learn(1)
    loaded.draw = draw
    agent.learn(5), loaded.learn(5)
    for name, array in agent.arrays().items():
        np.testing.assert_array_equal(array, loaded.arrays()[name])
