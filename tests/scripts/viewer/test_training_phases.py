import numpy as np
import pytest

from cookie_jar.agents import (
    PPO,
    ActorCritic,
    DynaQ,
    ExpectedSarsa,
    NStepSarsa,
    QLambda,
    QLearning,
    Reinforce,
    Sarsa,
    SarsaLambda,
)
from cookie_jar.scripts.viewer.training_phases import DOING, INITIALISATION, LEARNING, TrainingPhases

CORNER = "CookieJarCorner-v0"
SMALL = {"n_envs": 2, "seed": 0}


def phases(kind, target=1_000, env=CORNER, **options):
    agent = kind(env, **options)
    return TrainingPhases(agent, target), agent


@pytest.mark.parametrize(
    ("kind", "following"),
    [
        (QLearning, "best next value"),
        (Sarsa, "value of the next action"),
        (ExpectedSarsa, "mean next value"),
    ],
)
def test_the_texts_of_temporal_difference_learners(kind, following):
    training, agent = phases(kind, seed=0, exploration_steps=200)
    start = "started from a table of 40 x 10 zeros"
    rule = f"each step moves one number by 0.2 of its error, towards reward + 0.99 x {following}"
    choice = "epsilon 1.00: 100 % random actions, else the highest number (0 if never tried)"
    assert training.texts() == (start, choice, rule)
    agent.learn(100)
    agent.learning_rate = 0.0123
    assert training.texts() == (
        start,
        "epsilon 0.53: 52 % random actions, else the highest number (0 if never tried)",
        rule.replace("0.2 ", "0.0123 "),
    )
    agent.exploration_initial_eps = agent.exploration_final_eps = 0.0
    assert training.texts()[DOING] == "epsilon 0: takes the highest number (0 if never tried)"


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (
            NStepSarsa,
            "each step moves the number of 4 steps ago by 0.2 of its error, towards 4 rewards + 0.99^4 x "
            "value of the next action",
        ),
        (
            SarsaLambda,
            "each step moves one number by 0.2 of its error, towards reward + 0.99 x value of the next "
            "action; earlier numbers by less (times 0.891 a step)",
        ),
        (
            QLambda,
            "each step moves one number by 0.2 of its error, towards reward + 0.99 x best next value; "
            "earlier numbers by less (times 0.891 a step)",
        ),
        (
            DynaQ,
            "each step moves one number by 0.2 of its error, towards reward + 0.99 x best next value; "
            "then 20 updates from its model",
        ),
    ],
)
def test_the_texts_of_learners_that_use_a_step_more_than_once(kind, rule):
    assert phases(kind, seed=0)[0].texts()[LEARNING] == rule


@pytest.mark.parametrize(
    ("kind", "options", "start", "rule"),
    [
        (
            Reinforce,
            {"n_envs": 1},
            "started from 440 zeros: all actions equally likely",
            "after each episode, one gradient step (learning rate 0.1); error: discounted return minus value",
        ),
        (
            ActorCritic,
            {"n_steps": 8},
            "started from 440 zeros: all actions equally likely",
            "every 16 steps, one gradient step (learning rate 0.05); error: advantage",
        ),
        (
            PPO,
            {"policy": "network", "net_arch": (3,), "n_steps": 8, "batch_size": 6},
            "started from a network of 284 random numbers: all actions about equally likely",
            "every 16 steps, 4 epochs of 3 gradient steps (learning rate 0.001, clip 0.2); error: advantage",
        ),
    ],
    ids=["reinforce", "actor-critic", "ppo"],
)
def test_the_texts_of_policy_gradient_learners(kind, options, start, rule):
    training, agent = phases(kind, **{**SMALL, **options})
    several = "in 2 environments at once, " if agent.n_envs == 2 else ""
    choice = f"{several}each action with its probability"
    assert training.texts() == (start, choice, rule)
    assert training.texts(np.array([0.5, 0.5, 0.0]))[DOING] == f"{choice}; entropy here 0.69 of 1.10"


def test_other_initial_values_and_a_bonus_are_said():
    optimistic, _ = phases(QLearning, seed=0, initial_value=1.5, exploration_bonus=0.3)
    start, choice, _ = optimistic.texts()
    assert start == "started from a table of 40 x 10 numbers, all 1.50"
    assert choice == "epsilon 1.00: 100 % random actions, else the best, with a bonus of 0.3 for rare actions"
    table, _ = phases(ActorCritic, initial_value=0.5, **SMALL)
    assert table.texts()[0] == "started from 440 numbers, all values 0.50: all actions equally likely"
    network, _ = phases(PPO, policy="network", initial_value=0.5, **SMALL)
    assert network.texts()[0].endswith("all actions about equally likely, values near 0.50")


def test_a_resumed_run_starts_from_what_was_learned():
    training, agent = phases(QLearning, seed=0)
    agent.learn(50)
    assert TrainingPhases(agent, 1_000).texts()[0] == "continues from the numbers that 50 steps have left"
    assert training.texts()[0].startswith("started from a table")


def test_the_current_phase_of_a_learner_that_learns_at_each_step():
    training, agent = phases(QLearning, target=30, seed=0)
    assert training.current == INITIALISATION
    training.advance(0.1, paused=True)
    assert training.current == INITIALISATION
    agent.learn(10)
    training.advance(0.1)
    assert training.current == LEARNING
    training.advance(0.1, paused=True)
    assert training.current is None
    agent.learn(20)
    training.advance(0.1)
    assert (training.done, training.current) == (True, DOING)
    assert training.texts()[1:] == (
        "takes the action with the highest number, as after training",
        "complete after 30 steps: no number changes any more",
    )


@pytest.mark.parametrize("policy", ["table", "network"])
def test_a_learner_with_rollouts_acts_before_it_learns(policy):
    training, agent = phases(ActorCritic, policy=policy, net_arch=(3,), n_steps=10, **SMALL)
    for _ in range(2):
        agent.learn(10)
        training.advance(1.0)
        assert training.current == DOING
        agent.learn(10)
        training.advance(0.1)
        assert training.current == LEARNING
        training.advance(0.1)
        assert training.current == LEARNING
