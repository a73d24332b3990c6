from itertools import islice

import gymnasium as gym
import numpy as np
import pytest
from boards import acts

from cookie_jar.agents import Optimal
from cookie_jar.envs import CookieJarError, Event, State
from cookie_jar.envs.rendering.episode import EpisodeRunner, greedy_action

STORY = "rclc^!2"


class Script:
    """A policy that replays letters."""

    def __init__(self, letters, ends=False):
        self.left, self.ends = acts(letters), ends

    @property
    def over(self):
        return self.ends and not self.left

    def predict(self, obs, deterministic=True):
        return self.left.pop(0), None


@pytest.fixture
def runner():
    return EpisodeRunner(gym.make("CookieJarCorner-v0", render_mode="rgb_array"))


def test_an_episode_has_a_time_step_for_the_start_and_each_action(runner):
    episode = runner.roll_out(Script(STORY), seed=3)
    assert episode.actions == tuple(acts(STORY))
    assert (episode.seed, episode.last, len(episode.time_steps)) == (3, 7, 8)
    assert episode.world is runner.world
    assert [step.steps for step in episode.time_steps] == list(range(8))
    end = episode.time_steps[-1]
    assert (end.terminated, end.truncated, end.ended) == (True, False, True)
    assert end.words == "pick middle: yum"
    assert end.total == pytest.approx(1.45)
    assert end.total == pytest.approx(sum(step.reward for step in episode.time_steps))


def test_frames_show_the_state_after_the_end_and_states_the_one_before(runner):
    end = runner.roll_out(Script(STORY), seed=0).time_steps[-1]
    assert end.frame.state == State(0, 0, 1, 0b101, 0)
    assert end.state == end.frame.before == State(0, 0, 1, 0b111, 0)
    assert end.frame.event is Event.YUM


def test_a_long_episode_is_cut(runner):
    assert runner.roll_out(lambda obs: 4, seed=0, max_acts=12).last == 12
    assert runner.roll_out(lambda obs: 4, seed=0, max_acts=0).last == 0
    assert not runner.roll_out(lambda obs: 4, seed=0, max_acts=12).time_steps[-1].ended


def test_a_policy_that_is_over_ends_its_episode(runner):
    assert runner.roll_out(Script("rc", ends=True), seed=0).last == 2


def test_a_time_limit_truncates():
    env = gym.make("CookieJarCorner-v0", render_mode="rgb_array", max_episode_steps=5)
    episode = EpisodeRunner(env).roll_out(lambda obs: 4, seed=0)
    end = episode.time_steps[-1]
    assert (episode.last, end.terminated, end.truncated) == (5, False, True)


def test_actions_are_chosen_when_they_are_asked_for(runner):
    policy = Script("rc")
    steps = runner.steps(policy, seed=0)
    next(steps)
    assert len(policy.left) == 2
    assert [step.action for step in islice(steps, 1)] == acts("r")
    assert len(policy.left) == 1


def test_an_episode_can_start_in_a_state(runner):
    number = runner.world.number(State(0, 0, 1, 0b111, 0))
    episode = runner.roll_out(Script("2"), seed=0, state=number)
    assert (episode.last, episode.time_steps[-1].terminated) == (1, True)


def test_a_shaped_reward_is_kept_beside_the_unshaped_one():
    env = gym.make("CookieJarCorner-v0", render_mode="rgb_array", hints=True)
    steps = EpisodeRunner(env).roll_out(Optimal(env), seed=0).time_steps[1:]
    assert any(step.env_reward != step.reward for step in steps)
    assert all(step.reward == step.info["happiness"] for step in steps)


def test_without_pictures_any_render_mode_will_do():
    env = gym.make("CookieJarCorner-v0")
    with pytest.raises(CookieJarError, match="draws no pictures"):
        EpisodeRunner(env)
    episode = EpisodeRunner(env, pictures=False).roll_out(Script(STORY), seed=0)
    assert episode.last == 7
    assert all(step.frame is None and step.pixels is None for step in episode.time_steps)


def test_other_environments_have_pixels_and_equal_ones_are_kept_once():
    env = gym.make("FrozenLake-v1", is_slippery=False, render_mode="rgb_array")
    runner = EpisodeRunner(env)
    episode = runner.roll_out(lambda obs: 0, seed=0, max_acts=4)  # left, into the wall
    assert (runner.world, episode.world) == (None, None)
    assert all(step.state is None and step.frame is None for step in episode.time_steps)
    first, *_, before, last = (step.pixels for step in episode.time_steps)
    assert first.dtype == np.uint8
    assert before is last


def test_sentences_are_cut_after_a_number_of_acts(runner):
    episode = runner.roll_out(Script(STORY), seed=0)
    assert len(episode.sentences()) == 7
    assert episode.sentences()[0].split() == ["1.", "right:", "walk", "-0.01,", "so", "far", "-0.01"]
    assert episode.sentences(2)[2] == "... and so on until act 7, happiness +1.45"


def test_a_loop_until_the_end_is_written_twice(runner):
    episode = runner.roll_out(lambda obs: acts("r" if obs == 0 else "l")[0], seed=0)
    assert episode.last == 200
    *lines, last = episode.sentences()
    assert [line.split()[0] for line in lines] == ["1.", "2.", "3.", "4."]
    assert last == "... acts 1 to 2 repeat until act 200, happiness -2.00"


def test_a_terminated_episode_and_one_with_randomness_have_no_loop(runner):
    assert runner.roll_out(Script("uuuu" + STORY), seed=0).find_repeat() is None
    clumsy = gym.make("CookieJarCorner-v0", render_mode="rgb_array", clumsiness=0.2)
    episode = EpisodeRunner(clumsy).roll_out(lambda obs: 4, seed=0)  # lifts and puts the chair
    assert (episode.last, episode.find_repeat()) == (200, None)
    assert len(episode.sentences()) == 41


@pytest.mark.parametrize("deterministic", [True, False])
def test_other_environments_have_loops_if_they_are_known_to_be_deterministic(deterministic):
    env = gym.make("FrozenLake-v1", is_slippery=False)
    runner = EpisodeRunner(env, pictures=False, deterministic=deterministic)
    episode = runner.roll_out(lambda obs: 0, seed=0)
    assert (episode.find_repeat() is not None) == deterministic


def test_actions_come_from_predict_or_from_a_function():
    assert greedy_action(Script("c"), None) == acts("c")[0]
    assert greedy_action(lambda obs: obs + 1, 2) == 3
