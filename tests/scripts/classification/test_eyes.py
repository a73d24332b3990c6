import gymnasium as gym
import numpy as np
import pytest

from cookie_jar.agents import ConvClassifier, QLearning
from cookie_jar.agents.ranking import place_beliefs
from cookie_jar.envs import Action, Cookie, draw_pictures
from cookie_jar.envs.dynamics import ARRANGEMENTS, CLOSED
from cookie_jar.scripts.classification.eyes import Eyes, SeeingAgent, StateNumbers, liked_picks
from cookie_jar.scripts.common.console import UsageError

CORNER = "CookieJarPicturesCorner-v0"
LIKED = int(Cookie.CHOCOLATE_CHIP)
NAMES = np.array([cookie.label for cookie in Cookie])


@pytest.fixture(scope="module")
def classifier():
    """A mediocre classifier."""
    train = draw_pictures(np.arange(300))
    return ConvClassifier(seed=0, epochs=2).fit(train.pictures, train.kinds)


def opened(env, seed):
    """Reset an environment to a state with the open jar."""
    env.reset(seed=seed)
    world = env.unwrapped.world
    states = world.states
    numbers = np.flatnonzero((states.jar == 7) & (liked_picks(world, LIKED) >= 0))
    obs, _ = env.reset(seed=seed, options={"state": int(numbers[seed % len(numbers)])})
    return obs


def test_labels_may_be_numbers_or_names(classifier):
    train = draw_pictures(np.arange(60))
    named = ConvClassifier(seed=0, epochs=1).fit(train.pictures, NAMES[train.kinds])
    logs = Eyes(named, LIKED).log_probabilities(train.pictures)
    columns = [named.classes_.tolist().index(name) for name in NAMES]
    np.testing.assert_allclose(np.exp(logs), named.predict_proba(train.pictures)[:, columns], rtol=1e-5)
    assert Eyes(classifier, LIKED).log_probabilities(train.pictures).shape == (60, 3)


def test_other_classifiers_are_refused():
    train = draw_pictures(np.arange(60))
    two = ConvClassifier(epochs=1).fit(train.pictures, train.kinds == 1)
    with pytest.raises(UsageError, match="expected a classifier of raisin, chocolate chip, plain, got False"):
        Eyes(two, LIKED)
    photographs = ConvClassifier(epochs=1).fit(train.pictures, train.kinds)
    photographs.notes = {"data": {"kinds": ["cat", "dog", "bird"]}}
    with pytest.raises(UsageError, match="got cat, dog, bird"):
        Eyes(photographs, LIKED)
    large = draw_pictures(np.arange(60), size=40)
    with pytest.raises(UsageError, match="expected a classifier of 32 x 32 pictures"):
        Eyes(ConvClassifier(epochs=1).fit(large.pictures, large.kinds), LIKED)


def test_pictures_of_eaten_cookies_are_remembered(classifier):
    env, eyes = gym.make(CORNER), Eyes(classifier, LIKED)
    obs = opened(env, 3)
    before = eyes.look(obs["jar"][None])
    assert before.opened.all()
    assert not before.eaten.any()
    wrong = next(place for place in range(3) if _kinds(env)[place] != LIKED)
    obs, *_ = env.step(Action.PICK_LEFT + wrong)
    after = eyes.look(obs["jar"][None])
    np.testing.assert_array_equal(after.log_probabilities, before.log_probabilities)
    assert after.eaten[0].tolist() == [place == wrong for place in range(3)]
    beliefs = eyes.beliefs(after)
    np.testing.assert_allclose(beliefs, place_beliefs(before.log_probabilities, LIKED, after.eaten))
    assert beliefs[0, wrong] == 0

    stranger = Eyes(classifier, LIKED).look(obs["jar"][None])  # who has not seen the eaten cookie
    assert not stranger.log_probabilities[0, wrong].any()
    other = eyes.look(opened(env, 4)["jar"][None])  # another episode
    assert not other.eaten.any()
    assert (other.log_probabilities != before.log_probabilities).all()


def _kinds(env):
    return ARRANGEMENTS[env.unwrapped.get_state().arrangement]


def test_states_are_found_from_factors_and_arrangements():
    env = gym.make(CORNER)
    world = env.unwrapped.world
    numbers = np.arange(world.num_states)
    factors = gym.make(CORNER, observation="factors").unwrapped.state_observations
    np.testing.assert_array_equal(StateNumbers(world).find(factors[:, :4], factors[:, 4]), numbers)


def test_the_liked_cookie_can_be_picked_where_the_child_stands_beside_the_open_jar():
    world = gym.make(CORNER).unwrapped.world
    picks = liked_picks(world, LIKED)
    model = world.tabular_model
    ends = np.argwhere(model.terminated[:, :, 0])
    assert len(ends)
    for state, action in ends:
        assert picks[state] == action
    assert (picks >= 0).sum() == len(ends)


def test_the_agent_picks_the_most_probable_place(classifier):
    env = gym.make(CORNER)
    states = gym.make(CORNER, observation="state")
    eyes = Eyes(classifier, LIKED)
    agent = SeeingAgent(QLearning(states, seed=0).learn(20_000), eyes, env.unwrapped.world)
    for seed in range(20):
        obs = opened(env, seed)
        action, state = agent.predict(obs, deterministic=True)
        view = agent.jar_view(obs)
        assert action - Action.PICK_LEFT == np.argmax(view.belief) == view.pick
        assert state is None
        assert sum(view.belief) == pytest.approx(1)
    obs, _ = env.reset(seed=0)
    assert agent.jar_view(obs) is None
    batch = {name: np.stack([part, part]) for name, part in obs.items()}
    assert agent.predict(batch)[0].tolist() == [int(agent.predict(obs)[0])] * 2


def test_while_the_jar_is_closed_the_true_order_does_not_matter(classifier):
    env = gym.make(CORNER)
    world = env.unwrapped.world
    states = gym.make(CORNER, observation="state")
    agent = SeeingAgent(QLearning(states, seed=0).learn(300), Eyes(classifier, LIKED), world)
    policy = agent.policy_with_perfect_sight()
    closed = np.flatnonzero(world.states.jar == CLOSED)
    observed = env.unwrapped.observe(closed) if env.reset(seed=0) else None
    np.testing.assert_array_equal(agent.predict(observed)[0], policy[closed])
