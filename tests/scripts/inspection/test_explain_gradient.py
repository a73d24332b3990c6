import re

import numpy as np
import pytest

from cookie_jar.agents import PPO, ActorCritic, Reinforce
from cookie_jar.scripts.inspection.explain_gradient import explain_gradient
from cookie_jar.scripts.inspection.view import MemoryView


def test_the_numbers_are_those_that_the_agent_computes(trained, show):
    folder = trained("table")
    shown = show("explain", folder)
    agent, before = ActorCritic.load(f"{folder}/agent"), MemoryView(folder).parameters()
    batch = agent.collect()
    assert f"{len(batch.actions):,} actions, {len(batch.inputs)} different observations" in shown
    loss = agent.loss(batch)
    terms = f"{loss.policy:.4f} + 0.01 x {loss.entropy:.4f} + 0.5 x {loss.value:.4f} = {loss.total:.4f}"
    assert terms in shown
    for name, parameter in agent.network.parameters().items():
        assert re.search(rf"{name} .* {np.linalg.norm(parameter.gradient):.6f}", shown)
    agent.gradient_step(batch)
    change = np.concatenate([array.ravel() for array in agent.arrays().values()]) - before
    assert f"changes {np.count_nonzero(change)} of 440 numbers" in shown
    printed = float(re.search(r"-> -?[\d.]+ \(([+-]\d\.\d{4})\)", shown)[1])
    assert printed == pytest.approx(change[np.abs(change).argmax()], abs=6e-5)


KINDS = {
    "reinforce": (Reinforce, {"n_envs": 4}),
    "actor-critic": (ActorCritic, {"n_envs": 16}),
    "ppo": (PPO, {"n_envs": 16}),
    "small minibatches": (PPO, {"n_envs": 16, "batch_size": 200, "n_epochs": 3, "normalize_advantage": True}),
    "network": (PPO, {"n_envs": 16, "batch_size": 128, "policy": "network", "net_arch": [16]}),
    "dense": (ActorCritic, {"n_envs": 16, "optimizer": "adam"}),
}


@pytest.mark.parametrize("name", KINDS)
def test_the_update_is_that_of_the_learner(tmp_path, show, name):
    """Training goes on until the numbers change: exactly then the update is made."""
    kind, options = KINDS[name]
    file = str(kind("CookieJarCorner-v0", seed=0, **options).learn(5_000).save(tmp_path / "agent"))
    shown, view = show("explain", file), MemoryView(file)
    agent, before = view.agent, view.parameters()
    old = view.evaluator.stochastic(agent).mean_return
    while np.array_equal(view.parameters(), before):
        agent.learn(1)
    change = view.parameters() - before
    index = int(np.abs(change).argmax())
    largest = f"{view.parameter_name(index)}: {before[index]:z.4f} -> {view.parameters()[index]:z.4f} "
    told = re.findall(r"changes? (\S+) of \S+ numbers. The largest change:\n  (.*)\(", shown)
    assert told[-1] == (f"{np.count_nonzero(change):,}", largest)
    assert len(told) == (2 if kind is PPO else 1)
    best, new = view.evaluator.optimum.mean_return, view.evaluator.stochastic(agent).mean_return
    assert re.search(rf"missing happiness \(exact\) +{best - old:z.4f} +{best - new:z.4f}$", shown, re.M)


def test_ppo_counts_its_gradient_steps(tmp_path, show):
    agent = PPO("CookieJarCorner-v0", n_envs=16, batch_size=200, n_epochs=3, seed=0)
    shown = show("explain", str(agent.save(tmp_path / "agent")))
    assert (
        "PPO takes 9 gradient steps on them: 3 passes over the shuffled actions, in minibatches of 200."
        in shown
    )
    assert "The first of the 9 steps, with a minibatch of 200 actions:" in shown
    assert "All 9 gradient steps change" in shown


def test_the_loss_rises_while_the_agent_learns(trained, show):
    """The loss is a surrogate: from one update to a later one, its value does not measure what is missing."""
    told = [show("explain", f"{trained('table')}{moment}") for moment in ("@1000", "")]
    numbers = [
        [float(re.search(rf"^  {name} +(-?[\d.]+) ", shown, re.M)[1]) for shown in told]
        for name in ("loss of the whole batch", r"missing happiness \(exact\)")
    ]
    (loss, later_loss), (missing, later_missing) = numbers
    assert later_loss > loss
    assert later_missing < missing / 2
    assert all("policy: a surrogate." in shown for shown in told)


def test_small_learning_rates_make_the_loss_smaller(trained, show):
    shown = show("explain", trained("table"))
    losses = re.findall(r"(0\.005|0\.05|0\.5) +(?:ten times \w+|unchanged) +(-?[\d.]+) +(-?[\d.]+)", shown)
    assert [rate for rate, _, _ in losses] == ["0.005", "0.05", "0.5"]
    assert all(float(after) < float(before) for _, before, after in losses[:2])


def test_an_explanation_changes_neither_the_agent_nor_the_run(trained, show):
    folder = trained("table")
    view = MemoryView(folder)
    before, rate = view.parameters(), view.agent.learning_rate
    optimizer = {name: array.copy() for name, array in view.agent.optimizer_state().items()}
    explain_gradient(view, view.agent)
    np.testing.assert_array_equal(view.parameters(), before)
    assert view.agent.learning_rate == rate
    for name, array in view.agent.optimizer_state().items():
        np.testing.assert_array_equal(array, optimizer[name])
    assert show("explain", folder) == show("explain", folder)


def test_a_network_is_explained_without_a_model(trained, show):
    shown = show("explain", trained("cart"))
    assert "policy.0.weight" in shown
    assert "happiness (mean of episodes)" in shown
