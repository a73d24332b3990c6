import numpy as np

from cookie_jar.agents import ActorCritic
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.inspection.learning_rates import EVALUATIONS, learning_curve, learning_curves


def test_a_curve_is_that_of_a_new_agent_with_another_rate():
    agent = ActorCritic("CookieJarCorner-v0", seed=5, n_envs=4)
    evaluator = Evaluator(agent.env)
    steps, percent = learning_curve(agent, evaluator, 0.02, seed=1, total=3_000)
    assert agent.num_timesteps == 0
    assert steps[0] == 0
    assert 3_000 <= steps[-1] < 3_000 + agent.n_envs
    assert (np.diff(steps) > 0).all()
    assert len(steps) == len(percent) <= EVALUATIONS + 1
    direct = ActorCritic("CookieJarCorner-v0", seed=1, n_envs=4, learning_rate=0.02)
    direct.learn(int(steps[-1]))
    assert percent[-1] == evaluator.percent(evaluator.stochastic(direct).mean_return)


def test_there_is_a_curve_for_each_rate_and_seed():
    agent = ActorCritic("CookieJarCorner-v0", n_envs=4)
    rates = [0.001, 0.1]
    curves = learning_curves(agent, Evaluator(agent.env), rates, 2, 1_000, Console(quiet=True))
    assert list(curves) == rates
    for steps, percent in curves.values():
        assert percent.shape == (2, len(steps))
        assert (percent[0] != percent[1]).any()
