"""The page's learner: for the same seed, the same bits as the Python agents."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from needs import needs_node
from page_engine import KINDS, LEARNED, OWN, check_same, in_node, made, state_of

pytestmark = needs_node

SETTINGS: list[dict[str, Any]] = [
    {"initial_value": -5.0, "gamma": 1.0, "learning_rate": 0.01},
    {"initial_value": 2.5, "gamma": 0.0, "learning_rate": 1.0},
    {"exploration_initial_eps": 0.0, "exploration_final_eps": 0.0},
    {"exploration_initial_eps": 1.0, "exploration_final_eps": 1.0, "exploration_steps": 0},
    {"exploration_initial_eps": 0.25, "exploration_final_eps": 0.75, "exploration_steps": 1234},
    {"learning_rate": 0.0},
    {"seed": 2**53, "gamma": 0.3},
]


@pytest.mark.parametrize(
    ("cases", "parts"),
    [
        ([(*names, {"seed": seed}) for *names, seed in product(OWN, KINDS, range(3))], [1, 999, 4097, 4000]),
        ([(*names, settings) for *names, settings in product(OWN, KINDS, SETTINGS)], [3000]),
    ],
    ids=("seeds", "settings"),
)
def test_everything_learned_equals_python(cases, parts):
    check_same(cases, parts, in_node(LEARNED, cases=cases, parts=parts))


@pytest.mark.slow
def test_a_million_steps_equal_those_of_python():
    cases = [(*names, {"seed": seed}) for *names, seed in product(OWN, KINDS, range(3))]
    check_same(cases, [1_000_000], in_node(LEARNED, cases=cases, parts=[1_000_000]))


def test_the_random_numbers_are_those_of_numpy():
    seeds = [0, 1, 2**32, 2**53]
    answers = in_node(
        """return given.seeds.map(seed => {
          const random = seededRandom(seed), draws = new Float64Array(1000), seeded = {...random};
          fillRandom(random, draws.subarray(0, 1));
          integer31(random);
          fillRandom(random, draws.subarray(1));
          return {seeded, draws: Array.from(draws), half: integer31(random), end: random};
        });""",
        seeds=seeds,
    )
    for seed, found in zip(seeds, answers, strict=True):
        rng = np.random.default_rng(seed)
        assert found["seeded"]["state"] == str(rng.bit_generator.state["state"]["state"])
        first, _ = rng.random(), rng.integers(2**31)
        assert found["draws"] == [first, *rng.random(999)]
        assert found["half"] == rng.integers(2**31)
        assert found["end"]["has_uint32"] == rng.bit_generator.state["has_uint32"] == 0


@pytest.mark.parametrize("algorithm", KINDS)
def test_a_step_tells_its_arithmetic(algorithm):
    found = in_node(
        """const learner = new Learner(kitchens.clumsy, {algorithm: given.algorithm, exploration_steps: 300});
        const same = new Learner(kitchens.clumsy, learner.settings), steps = [];
        for (let n = 0; n < 400; n++) {
          const obs = learner.episode?.obs ?? 0, before = Array.from(learner.table);
          const {epsilon} = learner;
          learner.learn(1);
          const step = learner.seen;
          const row = before.slice(10 * step.obs, 10 * step.obs + 10);
          const changed = learner.table.filter((value, i) => value !== before[i]);
          const place = 10 * step.obs + step.action;
          steps.push([
            step.obs === obs, step.epsilon === epsilon, step.before === before[place], changed.length <= 1,
            step.after === learner.table[place], step.target === step.reward + step.gamma * step.best_next,
            step.after === step.before + step.learning_rate * (step.target - step.before),
            step.explored !== false || step.before === Math.max(...row),
            step.terminated ? step.best_next === 0 && step.next_obs === step.obs : true,
            step.total === (learner.episode.length ? learner.episode.total : step.total),
          ]);
        }
        same.learn(400);
        return [steps, stateOf(learner), stateOf(same)];""",
        algorithm=algorithm,
    )
    steps, one_by_one, together = found
    assert len(steps) == 400
    assert all(map(all, steps))
    assert one_by_one == together


def test_changes_take_effect_at_the_next_step():
    agent = made("corner", "q-learning")
    found = in_node(
        """const learner = new Learner(kitchens.corner);
        learner.learn(500);
        learner.set("learning_rate", 0.5);
        learner.set("gamma", 0.5);
        learner.set("exploration", 0.25);
        learner.learn(500);
        learner.edit(3, 4, -2.5);
        learner.edit(0, 1, 0);
        learner.edit(5, 9, 0);
        learner.learn(500);
        return stateOf(learner);"""
    )
    agent.learn_steps(500)
    agent.learning_rate = agent.gamma = 0.5
    agent.exploration_initial_eps = agent.exploration_final_eps = 0.25
    agent.learn_steps(500)
    agent.q_table[3, 4] = -2.5
    agent.q_table[0, 1] = agent.q_table[5, 9] = 0
    agent.learn_steps(500)
    assert found == state_of(agent)


def test_forgetting_sets_numbers_back():
    alls, way, share, again = in_node(
        """const learner = new Learner(kitchens.corner, {initial_value: -5});
        learner.learn(50000);
        const learned = snapshotOf(learner), forget = (...which) => {
          Object.assign(learner, snapshotOf(learned));
          learner.forget(...which);
          return [Array.from(learner.table), score(learner).percent];
        };
        return [forget(1), forget("all but greedy way"), forget(0.3, 1), forget(0)];"""
    )
    assert set(alls[0]) == {-5.0}
    assert np.count_nonzero(np.array(way[0]) != -5) == 7
    assert alls[1] < 0 < way[1] == again[1] == 100
    forgotten = np.random.default_rng(1).random(400).argsort()[:120]
    assert np.array_equal(np.where(np.isin(np.arange(400), forgotten), -5, again[0]), share[0])


def test_a_snapshot_restores_everything():
    first, second = in_node(
        """const learner = new Learner(kitchens.clumsy, {algorithm: "sarsa"});
        learner.learn(777);
        const kept = snapshotOf(learner);
        learner.learn(1000);
        const states = [stateOf(learner)];
        learner.set("gamma", 0.1);
        learner.set("act", -1);
        learner.learn(1000);
        Object.assign(learner, snapshotOf(kept));
        learner.learn(1000);
        return [...states, stateOf(learner)];"""
    )
    assert first == second


REFUSED = [
    ('learner.set("gamma", 1.5)', "number gamma 0 1 1.5"),
    ('learner.set("gamma", NaN)', "number gamma 0 1 page.errors.none"),
    ('learner.set("gamma", "0.5")', "number gamma 0 1 0.5"),
    ('learner.set("exploration", -1)', "number exploration_initial_eps 0 1 -1"),
    ('learner.set("exploration_steps", 1.5)', "whole exploration_steps 0 9007199254740992 1.5"),
    ('learner.set("act", 2e6)', "number act -1000000 1000000 2000000"),
    ('learner.set("algorithm", "dqn")', "setting algorithm dqn"),
    ('learner.set("seed", 1)', "setting seed 1"),
    ('learner.set("__proto__", 1)', "setting __proto__ 1"),
    ("learner.edit(40, 0, 1)", "whole state 0 39 40"),
    ("learner.edit(0, 10, 1)", "whole action 0 9 10"),
    ("learner.edit(0, 0, Infinity)", "number value -1000000 1000000 Infinity"),
    ("learner.forget(2)", "number share 0 1 2"),
    ("new Learner(kitchens.corner, {seed: -1})", "whole seed 0 9007199254740992 -1"),
    ("new Learner(kitchens.corner, {rate: 1})", "setting rate 1"),
]


def test_impossible_values_are_refused_in_words():
    body = "".join(f"refused(() => {{ {action} }})," for action, _ in REFUSED)
    answers = in_node(
        f"""const learner = new Learner(kitchens.corner);
        const all = () => JSON.stringify([learner.settings, learner.happiness, Array.from(learner.table)]);
        const before = all(), answers = [{body}];
        return [answers, before === all()];"""
    )
    assert answers == [[f"page.errors.{message}" for _, message in REFUSED], True]
