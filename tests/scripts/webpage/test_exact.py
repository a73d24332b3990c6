"""The page's exact scores, beside those of Python."""

from itertools import product

import numpy as np
import pytest
from needs import needs_node
from page_engine import KINDS, OWN, in_node, made, page_data

from cookie_jar.agents import evaluate_exactly, tabular_model
from cookie_jar.agents.exact import evaluate, optimum, uniform_policy

pytestmark = needs_node
HAPPINESS = {"act": -0.25, "reach_in_vain": 0.125, "cookie_liked": -1.0, "cookie_disliked": 2.0}


def test_greedy_policies_have_the_same_scores_to_the_bit():
    cases = [(*names, steps) for *names, steps in product(OWN, KINDS, (0, 300, 20_000))]
    answers = in_node(
        """return given.cases.map(([kitchen, algorithm, steps]) => {
          const learner = new Learner(kitchens[kitchen], {algorithm});
          learner.learn(steps);
          return {...score(learner), way: greedyWay(learner)};
        });""",
        cases=cases,
    )
    for (kitchen, algorithm, steps), found in zip(cases, answers, strict=True):
        agent = made(kitchen, algorithm)
        agent.learn_steps(steps)
        exact = evaluate_exactly(agent, agent.env)
        for name in ("mean_return", "percent"):
            assert found[name] == getattr(exact, name), (kitchen, algorithm, steps, name)
        assert [agent.policy[state] for state, _ in found["way"]] == [action for _, action in found["way"]]


def test_policies_that_wander_have_the_same_scores_to_the_bit():
    policies = {name: random_policies(name, 10) for name in OWN}
    answers = in_node(
        """return Object.entries(given.policies).map(([name, tables]) => {
          const reward = kitchens[name].rewards(kitchens[name].happiness);
          return tables.map(policy => expectedReturn(kitchens[name], reward, policy));
        });""",
        policies=policies,
    )
    for (name, tables), found in zip(policies.items(), answers, strict=True):
        model = tabular_model(made(name, "sarsa").env)
        for policy, score in zip(tables, found, strict=True):
            assert score == evaluate(model, np.array(policy), 200).mean_return


def random_policies(name: str, count: int) -> list[list[int]]:
    states = page_data()["kitchens"][name]["S"]
    return np.random.default_rng(0).integers(10, size=(count, states)).tolist()


def test_optimum_and_random_value_follow_the_happiness():
    answers = in_node(
        """return Object.values(kitchens).map(kitchen => [kitchen.happiness, given.happiness].map(changes => {
          return boundsOf(kitchen, {...kitchen.happiness, ...changes});
        }));""",
        happiness=HAPPINESS,
    )
    for name, found in zip(OWN, answers, strict=True):
        for changes, values in zip(({}, HAPPINESS), found, strict=True):
            model = tabular_model(made(name, "sarsa", happiness=changes).env)
            random = evaluate(model, uniform_policy(model), 200)
            exact = {"random": random.mean_return, "optimum": optimum(model, 200).mean_return}
            assert values == pytest.approx(exact, abs=1e-9)


def test_percent_is_unknown_if_nothing_is_better_than_chance():
    percent = in_node(
        """const learner = new Learner(kitchens.corner);
        for (const name of Object.keys(learner.happiness)) learner.set(name, 0);
        return String(score(learner).percent);"""
    )
    assert percent == "NaN"
