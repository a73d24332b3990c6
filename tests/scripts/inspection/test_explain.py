import argparse
import re

import gymnasium as gym
import numpy as np
import pytest

from cookie_jar.agents import DynaQ, ExpectedSarsa, NStepSarsa, QLambda, QLearning, Sarsa, SarsaLambda, load
from cookie_jar.scripts import memory
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.inspection.explain import explain_transition
from cookie_jar.scripts.inspection.greedy import greedy_episode
from cookie_jar.scripts.inspection.transitions import chosen_transition
from cookie_jar.scripts.inspection.view import MemoryView


def replayed(run, step):
    """Return the agent of a run after it has learned from one transition, and nothing else."""
    agent = load(run)
    agent.set_resume_state({"episode": [step.state, step.action, 0.0, 0]})
    return agent.learn(1)


@pytest.mark.parametrize("steps", ["@100", "@1000", ""])
@pytest.mark.parametrize("name", ["corner", "sarsa", "expected-sarsa"])
def test_the_numbers_are_those_of_the_learner_s_next_step(trained, show, name, steps):
    run = f"{trained(name)}{steps}"
    view = MemoryView(run)
    for number, step in enumerate(greedy_episode(view)[:7], 1):
        shown, agent = show("explain", run, "--step", str(number)), replayed(run, step)
        before, after = (table[step.state, step.action] for table in (view.agent.q_table, agent.q_table))
        assert np.count_nonzero(agent.q_table != view.agent.q_table) <= 1
        assert re.search(rf"^before \(the old value\) +{before:z.4f} ", shown, re.M)
        assert re.search(rf"^after  = .* = {after:z.4f}$", shown, re.M)
        assert ("The episode terminated here" in shown) == step.terminated
        ends = re.findall(r"after = (-?\d+\.\d+)$", shown, re.M)
        assert float(ends[0]) == pytest.approx(before + 0.2 * (step.reward - before), abs=6e-5)


def test_the_probability_of_a_random_action_is_that_of_the_moment(trained, show):
    """With all of its random actions still to come, the agent expects less than with its last epsilon."""
    shown = show("explain", trained("expected-sarsa"))
    epsilon = 1 - 0.95 * 5_000 / 50_000
    assert f"drawn with epsilon = {epsilon:.4g}; the best: " in shown
    view = MemoryView(trained("expected-sarsa"))
    step = greedy_episode(view)[0]
    row = view.agent.q_table[step.next_state]
    value = (1 - epsilon) * row.max() + epsilon * row.mean()
    assert re.search(rf"^next value .* {value:z.4f} ", shown, re.M)


def test_sarsa_learns_from_the_action_that_it_takes(trained, show, tmp_path):
    """Of some hundred early actions nine in ten are random, so some are not the best."""
    agent = Sarsa("CookieJarCorner-v0", seed=0, exploration_bonus=0.1).learn(500)
    names, others = MemoryView(agent.save(tmp_path / "agent")).action_names, 0
    for number in range(20):
        agent.learn(1)
        run = str(agent.save(tmp_path / f"agent{number}"))
        step = greedy_episode(MemoryView(run))[0]
        shown, after = show("explain", run), replayed(run, step)
        assert re.search(rf"= {after.q_table[step.state, step.action]:z.4f}$", shown, re.M)
        [name] = re.findall(r"the next action, drawn with epsilon = [\d.]+: (.*)$", shown, re.M)
        others += names.index(name) != agent.q_table[step.next_state].argmax()
    assert others > 0


@pytest.mark.parametrize("env_id", ["CookieJarCorner-v0", "FrozenLake-v1"])
@pytest.mark.parametrize("kind", [QLearning, Sarsa, ExpectedSarsa])
def test_the_next_step_is_that_of_the_learner(tmp_path, show, kind, env_id):
    agent, moved = kind(env_id, seed=0, exploration_steps=500, initial_value=0.5).learn(400), 0
    for number in range(8):
        agent.learn(5)
        run = str(agent.save(tmp_path / f"agent{number}"))
        shown, before, after = show("explain", run, "--next"), load(run), load(run).learn(1)
        for state, action in np.argwhere(before.q_table != after.q_table):
            name = MemoryView(run).action_names[action]
            assert re.search(rf" the number at state {state}, {name}$", shown, re.M)
            assert re.search(rf"^after  = .* = {after.q_table[state, action]:z.4f}$", shown, re.M)
            moved += 1
        ended = after.num_episodes > before.num_episodes
        assert ended or f"and reached state {after.resume_state()['episode'][0]}:" in shown
    assert moved > 0


def places_and_values(text, names):
    """Return the last value that a text gives for each state and action."""
    found = {}
    for state, name, value in re.findall(r"^  state (\d+), (.+?) {2,}.*(?:=|->) (-?\d+\.\d+)$", text, re.M):
        found[int(state), names.index(name)] = float(value)
    return found


@pytest.mark.parametrize("env_id", ["CookieJarCorner-v0", "FrozenLake-v1"])
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (SarsaLambda, {"trace_decay": 0.6}),
        (SarsaLambda, {"replacing_traces": False}),
        (QLambda, {}),
        (DynaQ, {"planning_steps": 3, "min_priority": 0.001}),
    ],
)
def test_further_numbers_move_as_the_learner_moves_them(tmp_path, show, kind, options, env_id):
    agent, further = kind(env_id, seed=0, exploration_steps=500, initial_value=0.5, **options).learn(30), 0
    for number in range(12):
        agent.learn(1)
        run = str(agent.save(tmp_path / f"agent{number}"))
        shown, before, after = show("explain", run, "--next"), load(run), load(run).learn(1)
        names = MemoryView(run).action_names
        [(state, name)] = re.findall(r" the number at state (\d+), (.*)$", shown, re.M)
        here = int(state), names.index(name)
        moved = places_and_values(shown, names)
        if kind is DynaQ:
            stands = re.findall(r"; state .* now has (-?\d+\.\d+)\.$", shown, re.M)
            moved[here] = float((stands or re.findall(r"^after  = .* = (.*)$", shown, re.M))[0])
        else:
            moved[here] = float(re.search(r"^after  = .* = (.*)$", shown, re.M)[1])
        for place, value in moved.items():
            assert after.q_table[place] == pytest.approx(value, abs=6e-5)
        others = {tuple(place) for place in np.argwhere(before.q_table != after.q_table).tolist()} - {here}
        assert others <= moved.keys() or " more" in shown
        assert ("The update changes only this number" in shown) <= (not others)
        further += len(others)
    assert further > 0


def test_the_next_updates_of_n_step_sarsa_are_those_of_the_learner(tmp_path, show):
    agent = NStepSarsa("FrozenLake-v1", seed=0, return_steps=3, learning_rate=0.5, initial_value=0.5).learn(
        40
    )
    kinds = set()
    for number in range(40):
        agent.learn(1)
        run = str(agent.save(tmp_path / f"agent{number}"))
        shown, before, after = show("explain", run, "--next"), load(run), load(run).learn(1)
        names, moved = MemoryView(run).action_names, {}
        if "No number moves yet" not in shown:
            [(state, name)] = re.findall(r" the number at state (\d+), (.*)$", shown, re.M)
            first = float(re.search(r"^after  = .* = (.*)$", shown, re.M)[1])
            moved = {(int(state), names.index(name)): first} | places_and_values(shown, names)
        for place, value in moved.items():
            assert after.q_table[place] == pytest.approx(value, abs=6e-5)
        assert {
            tuple(place) for place in np.argwhere(before.q_table != after.q_table).tolist()
        } <= moved.keys()
        kinds.add(min(len(moved), 2))
    assert {0, 1} <= kinds


def test_n_step_sarsa_is_explained_with_the_rewards_that_follow(tmp_path, show):
    agent = NStepSarsa("CookieJarCorner-v0", seed=0, exploration_steps=5_000).learn(20_000)
    run = str(agent.save(tmp_path / "agent"))
    steps = greedy_episode(MemoryView(run))
    value = agent.q_table[steps[3].next_state].max()
    for step in reversed(steps[:4]):
        value = step.reward + 0.99 * value
    assert f"= {value:z.4f}\n" in show("explain", run)
    assert "The episode terminated, so there is no next value" in show("explain", run, "--step", "6")
    assert "3 are missing" in show("explain", run, "--state", "0", "--action", "down")


def test_the_next_step_is_not_also_another(trained, refuse):
    words = ["explain", trained("corner"), "--next", "--step", "1"]
    assert "--next: expected no --step" in refuse(memory.main, words)


def test_without_a_running_episode_there_is_no_next_step(tmp_path, refuse):
    run = str(QLearning("CookieJarCorner-v0", seed=0).save(tmp_path / "agent"))
    message = refuse(memory.main, ["explain", run, "--next"])
    assert "--next: expected an agent with a running episode" in message
    assert message.count("\n") == 1


def test_the_story_is_of_a_child_only_in_a_kitchen(trained):
    corner, lake = MemoryView(trained("corner")), MemoryView(trained("lake"))
    assert explain_transition(corner, greedy_episode(corner)[0])[0].startswith("The child was in state 0, ")
    assert explain_transition(lake, greedy_episode(lake)[0])[0].startswith("The agent was in state 0, ")


def test_the_episode_has_no_further_steps(trained, refuse):
    corner = trained("corner")
    assert "a step of the greedy episode, 1 to 7, got 8" in refuse(
        memory.main, ["explain", corner, "--step", "8"]
    )
    assert "--step: expected at least 1" in refuse(memory.main, ["explain", corner, "--step", "0"])


@pytest.mark.parametrize(
    ("options", "first", "row"),
    [
        (["--state", "1", "--action", "pick-left"], "took `pick left` (nothing)", "state 1, pick left"),
        (["--state", "1", "--action", "7"], "took `pick left` (nothing)", "state 1, pick left"),
        (["--action", "reach"], "in state 0, took `reach` (vain)", "state 0, reach"),
        (["--step", "2", "--action", "up"], "took `up` (bump)", ", up"),
    ],
)  # fmt: skip
def test_a_state_and_an_action_can_be_chosen(trained, show, options, first, row):
    shown = show("explain", trained("corner"), *options)
    assert first in shown.splitlines()[0]
    assert re.search(rf"the number .*{row}$", shown, re.M)


def test_without_an_action_the_greedy_action_is_taken(trained, show):
    view = MemoryView(trained("corner"))
    name = view.action_names[view.agent.policy[3]]
    assert f"was in state 3, took `{name}`" in show("explain", trained("corner"), "--state", "3")


def test_the_likeliest_of_several_outcomes_is_explained(trained, show):
    shown = show("explain", trained("lake"), "--state", "6", "--action", "1")
    assert "The most likely of 3 outcomes, with probability 0.33." in shown


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("corner", ["--state", "40"], "--state: expected a state from 0 to 39, got 40"),
        ("corner", ["--state", "-1"], "--state: expected a state from 0 to 39, got -1"),
        (
            "corner",
            ["--action", "hop"],
            "--action: expected a number from 0 to 9, or up, down, left, right, ",
        ),
        ("corner", ["--action", "10"], "--action: expected a number from 0 to 9, or up, "),
        ("lake", ["--action", "left"], "--action: expected a number from 0 to 3, got 'left'"),
        ("lake", ["--state", "5"], "--state: state 5 ends the episode, so there is no action"),
        ("corner", ["--state", "1", "--step", "1"], "--state: expected no --step"),
        ("cart", ["--state", "1"], "has no numbered states"),
    ],
)
def test_what_cannot_be_explained(trained, refuse, name, options, message):
    assert message in refuse(memory.main, ["explain", trained(name), *options])


def test_without_a_model_only_the_episode_can_be_explained(tmp_path, show, refuse):
    env = gym.wrappers.TransformReward(gym.make("FrozenLake-v1", is_slippery=False), abs)
    view = MemoryView(QLearning("FrozenLake-v1", seed=0).save(tmp_path / "agent"))
    view.agent.set_env(env)
    chosen = argparse.Namespace(state=0, action="0", step=None)
    assert chosen_transition(view, chosen)[0].state == 0
    with pytest.raises(UsageError, match="expected a state and an action of the greedy episode, such as 0 0"):
        chosen_transition(view, argparse.Namespace(state=0, action="1", step=None))
