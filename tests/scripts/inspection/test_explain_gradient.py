import re

import numpy as np
import pytest

from cookie_jar.agents import ActorCritic
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
    assert "a mean of episodes" in shown
